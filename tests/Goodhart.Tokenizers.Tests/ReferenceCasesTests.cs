using System.Text.Json;
using Goodhart.Testing;
using Goodhart.Tokenizers.Normalizers.Unicode;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests;

/// <summary>Ids and texts that Hugging Face's tokenizers gave for the same files.</summary>
public sealed class ReferenceCasesTests
{
    [SharedDataTheory]
    [InlineData("byte_level")]
    [InlineData("digits_bytelevel")]
    [InlineData("split_qwen2")]
    [InlineData("metaspace")]
    [InlineData("metaspace_pretok")]
    [InlineData("unigram")]
    [InlineData("spm_model")]
    [InlineData("spm_bpe_model")]
    [InlineData("spm_bytefallback")]
    public void Every_published_case_encodes_and_decodes_exactly(string group)
    {
        JsonElement cases = Parse("hf_cases", "cases.json").GetProperty(group);
        var tokenizer = Tokenizer.Load(PathOf("hf_cases", cases.GetProperty("tokenizer").GetString()!));

        foreach (JsonElement item in cases.GetProperty("cases").EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            int[] ids = Ids(item.GetProperty("ids"));

            Assert.Equal(Show(text, ids), Show(text, tokenizer.Encode(text, addSpecialTokens: false)));
            Assert.Equal(item.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        }
    }

    [SharedDataFact]
    public void Gpt2_encodes_and_decodes_a_published_text_exactly()
    {
        JsonElement reference = Parse("gpt2", "gpt2_encoded_tokens.json");
        var tokenizer = Tokenizer.Load(PathOf("gpt2"));
        int[] ids = Ids(reference.GetProperty("token_ids"));

        Assert.Equal(ids, tokenizer.Encode(reference.GetProperty("text").GetString()!));
        Assert.Equal(reference.GetProperty("decoded_text").GetString(), tokenizer.Decode(ids));
        Assert.Equal(
            reference.GetProperty("bpe_tokens").EnumerateArray().Select(token => token.GetString()), ids.Select(tokenizer.TokenOf));
        Assert.Equal(50256, tokenizer.EosId);
    }

    [SharedDataFact]
    public void Llama2_encodes_and_decodes_a_published_text_exactly()
    {
        JsonElement reference = Parse("llama2", "llama_encoded.json");
        var tokenizer = Tokenizer.Load(PathOf("llama2"));
        int[] ids = Ids(reference.GetProperty("token_ids"));

        Assert.Equal(ids, tokenizer.Encode(reference.GetProperty("text").GetString()!));
        Assert.Equal(reference.GetProperty("decoded_text").GetString(), tokenizer.Decode(ids, skipSpecialTokens: false));
        Assert.Equal((1, 2, null, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.Equal(32000, tokenizer.VocabularySize);
    }

    [SharedDataFact]
    public void Gpt2_without_tokenizer_json_encodes_a_published_text_exactly()
    {
        JsonElement reference = Parse("gpt2", "gpt2_encoded_tokens.json");
        var tokenizer = Tokenizer.Load(PathOf("gpt2", "vocab.json"));
        int[] ids = Ids(reference.GetProperty("token_ids"));

        Assert.Equal(ids, tokenizer.Encode(reference.GetProperty("text").GetString()!));
        Assert.Equal(reference.GetProperty("decoded_text").GetString(), tokenizer.Decode(ids));
        Assert.Equal(50257, tokenizer.VocabularySize);
    }

    [SharedDataFact]
    public void T5_encodes_and_decodes_a_published_text_exactly()
    {
        JsonElement reference = Parse("t5", "t5_base_encoded.json");
        using TemporaryFolder folder = new();
        folder.Write("spiece.model", File.ReadAllBytes(PathOf("t5", "spiece.model")));
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "T5Tokenizer"}"""u8.ToArray());
        var tokenizer = Tokenizer.Load(folder.Path);
        int[] ids = Ids(reference.GetProperty("token_ids"));

        Assert.Equal(ids, tokenizer.Encode(reference.GetProperty("text").GetString()!));
        Assert.Equal(reference.GetProperty("decoded_text").GetString(), tokenizer.Decode(ids, skipSpecialTokens: false));
        Assert.Equal(32100, tokenizer.VocabularySize);
        Assert.Equal([32099], tokenizer.Encode("<extra_id_0>", addSpecialTokens: false));
    }

    [SharedDataFact]
    public void A_published_model_gives_a_whole_book_back_normalized()
    {
        var tokenizer = Tokenizer.Load(PathOf("sentencepiece", "test_model.model"));
        UnicodeForm nfkc = new(composes: true, compatible: true);
        int compared = 0;
        foreach (string line in File.ReadLines(PathOf("sentencepiece", "botchan.txt")))
        {
            int[] ids = tokenizer.Encode(line);
            if (ids.Contains(tokenizer.UnknownId!.Value))
                continue; // a character that the small model lacks

            compared++;
            string expected = string.Join(' ', nfkc.Normalize(line).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(expected, tokenizer.Decode(ids));
        }

        Assert.True(compared > 4000, $"Only {compared} lines were compared.");
    }

    static string Show(string text, int[] ids) => $"{text}: {string.Join(' ', ids)}";

    static string PathOf(params string[] parts) => SharedData.PathOf(["data", "tokenizers", .. parts]);

    static JsonElement Parse(params string[] parts)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));
        return document.RootElement.Clone();
    }

    static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];
}
