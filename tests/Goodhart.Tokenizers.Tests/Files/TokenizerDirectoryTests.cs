using System.Text;
using Goodhart.Tokenizers.ChatTemplates;
using Goodhart.Tokenizers.Tests.Fixtures;
using ModelType = Goodhart.Tokenizers.SentencePiece.Protocol.TrainerSpec.Types.ModelType;

namespace Goodhart.Tokenizers.Tests.Files;

/// <summary>Directories as Hugging Face lays them out.</summary>
public sealed class TokenizerDirectoryTests : IDisposable
{
    const string Vocabulary = """{"a": 0, "b": 1, "ab": 2, "\u0120": 3, "<|endoftext|>": 4}""";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Vocabulary_and_merges_are_read_where_there_is_no_other_file()
    {
        Write("vocab.json", Vocabulary);
        Write("merges.txt", "#version: 0.2\na b\n");
        var tokenizer = Tokenizer.Load(_folder.Path);

        Assert.Equal([2, 3, 0, 4], tokenizer.Encode("ab a<|endoftext|>"));
        Assert.Equal((4, 4), (tokenizer.BosId, tokenizer.EosId));

        string copy = Path.Combine(_folder.Path, "copy");
        tokenizer.Save(copy);
        Assert.Equal([2, 3, 0, 4], Tokenizer.Load(copy).Encode("ab a<|endoftext|>"));
    }

    [Theory]
    [InlineData("a b c", "merges.txt:1 should have two tokens")]
    [InlineData("a b\nb a", "merges.txt:2 needs the token 'ba'")]
    [InlineData("a c", "merges.txt:1 needs the token 'c'")]
    public void Merges_that_make_no_sense_are_refused_with_their_line(string merges, string expected)
    {
        Write("vocab.json", Vocabulary);
        Write("merges.txt", merges);
        Refused(expected);
    }

    [Fact]
    public void A_missing_merges_file_is_named()
    {
        Write("vocab.json", Vocabulary);
        Refused("merges.txt: cannot be read");
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "RobertaTokenizer"}""", "class RobertaTokenizer are not supported in this form")]
    [InlineData("""{"add_bos_token": true, "bos_token": null}""", "asks to add the bos_token, but there is none")]
    [InlineData("""{"added_tokens_decoder": {"x": {"content": "c"}}}""", "added_tokens_decoder.x should have an id for its name")]
    [InlineData("""{"added_tokens_decoder": {"9": {"content": "c"}}}""", "without holes; 'c' has 9")]
    public void A_configuration_that_cannot_be_honoured_is_refused(string config, string expected)
    {
        Write("vocab.json", Vocabulary);
        Write("merges.txt", "a b");
        Write("tokenizer_config.json", config);
        Refused(expected);
    }

    [Theory]
    [InlineData("LlamaTokenizer", "", "<s>|_a")]
    [InlineData("LlamaTokenizerFast", "\"add_bos_token\": false, \"add_eos_token\": true,", "_a|</s>")]
    [InlineData("T5Tokenizer", "\"extra_ids\": 2,", "_a|</s>")]
    public void A_sentencepiece_model_is_read_as_its_class_does(string name, string settings, string expected)
    {
        _folder.Write("tokenizer.model", Model.File);
        Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}", {{settings}} "eos_token": "</s>"}""");
        var tokenizer = Tokenizer.Load(_folder.Path);

        Assert.Equal(expected, Shown(tokenizer, tokenizer.Encode("a")));
        Assert.Equal(name == "T5Tokenizer" ? 7 : 5, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("true", "_a|</s>|_a")]
    [InlineData("false", "_a|</s>|<unk>")]
    public void Only_legacy_tokenizers_put_a_space_after_special_tokens(string legacy, string expected)
    {
        _folder.Write("spiece.model", Model.File);
        Write("tokenizer_config.json", $$"""{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false, "legacy": {{legacy}}}""");
        var tokenizer = Tokenizer.Load(_folder.Path);
        Assert.Equal(expected, Shown(tokenizer, tokenizer.Encode("a</s>a")));
    }

    [Fact]
    public void A_sentencepiece_model_whose_class_shifts_ids_is_refused()
    {
        _folder.Write("tokenizer.model", Model.File);
        Write("tokenizer_config.json", """{"tokenizer_class": "XLMRobertaTokenizer"}""");
        Refused("tokenizers of class XLMRobertaTokenizer");
    }

    [Fact]
    public void Added_tokens_and_special_tokens_come_from_the_files_beside()
    {
        _folder.Write("tokenizer.model", Model.File);
        Write("added_tokens.json", """{"<pad>": 5}""");
        Write("special_tokens_map.json", """{"pad_token": "<pad>", "eos_token": {"content": "<s>"}}""");
        var tokenizer = Tokenizer.Load(_folder.Path);

        Assert.Equal((5, 1), (tokenizer.PadId, tokenizer.EosId));
        Assert.Equal([5], tokenizer.Encode("<pad>"));
    }

    [Fact]
    public void The_template_of_tokenizer_json_gives_way_to_add_bos_token_and_add_eos_token()
    {
        Write("tokenizer.json", $"{new TinyJson()}");
        Write("tokenizer_config.json", """{"bos_token": "a", "eos_token": "c", "add_bos_token": true, "add_eos_token": true}""");
        Assert.Equal([0, 1, 2], Tokenizer.Load(_folder.Path).Encode("b"));
    }

    [Fact]
    public void A_chat_template_knows_the_special_tokens_and_is_found_in_either_place()
    {
        Write("tokenizer.json", $"{new TinyJson()}");
        Assert.Null(Tokenizer.Load(_folder.Path).ChatTemplate);

        Write("tokenizer_config.json", """{"bos_token": "a", "chat_template": "{{ bos_token }}{{ messages[0].content }}"}""");
        Assert.Equal("ahi", Rendered());

        Write("tokenizer_config.json", """
            {"bos_token": "a", "chat_template": [{"name": "tool_use", "template": "x"}, {"name": "default", "template": "{{ bos_token }}"}]}
            """);
        Assert.Equal("a", Rendered());

        Write("chat_template.jinja", "{{ bos_token }}!\n");
        Assert.Equal("a!", Rendered());

        Write("chat_template.jinja", "{% nonsense %}");
        var e = Assert.Throws<TokenizerException>(Rendered);
        Assert.Contains("chat_template.jinja:1:4:", e.Message, StringComparison.Ordinal);

        string Rendered() => Tokenizer.Load(_folder.Path).ChatTemplate!.Render([new ChatMessage("user", "hi")]).Text;
    }

    static TinyModel Model => new(ModelType.Unigram, ("_", -2), ("_a", -1));

    static string Shown(Tokenizer tokenizer, int[] ids) => string.Join('|', ids.Select(tokenizer.TokenOf)).Replace('\u2581', '_');

    void Write(string name, string text) => _folder.Write(name, Encoding.UTF8.GetBytes(text));

    void Refused(string expected)
    {
        var e = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
