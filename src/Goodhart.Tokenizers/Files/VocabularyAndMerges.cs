using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.Decoders;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.Normalizers;
using Goodhart.Tokenizers.Normalizers.Unicode;
using Goodhart.Tokenizers.PostProcessors;
using Goodhart.Tokenizers.PreTokenizers;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;

namespace Goodhart.Tokenizers.Files;

/// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c>, the byte-level files that GPT-2 came with.</summary>
static class VocabularyAndMerges
{
    const string EndOfText = "<|endoftext|>";

    public static TokenizerSource Read(NamedFile vocabulary, NamedFile merges, IReadOnlyList<NamedFile> beside)
    {
        TokenizerConfig config = new(beside);
        bool isQwen2 = config.Class == "Qwen2Tokenizer";
        if (config.Class is not (null or "GPT2Tokenizer" or "Qwen2Tokenizer"))
            throw new TokenizerException(
                $"{vocabulary.Name}: tokenizers of class {config.Class} are not supported in this form; supported are GPT2Tokenizer "
                + "and Qwen2Tokenizer. Convert it to tokenizer.json.");

        Dictionary<string, int> ids = BpeReader.ReadVocabulary(JsonSection.Parse(vocabulary.Content, vocabulary.Name));
        AddedToken[] added = [.. config.AddedTokens];
        if (added.Length == 0 && ids.TryGetValue(EndOfText, out int end))
            added = [new AddedToken { Id = end, Content = EndOfText, IsSpecial = true }];

        Pipeline pipeline = new(
            new Vocabulary(
                [.. ids.Select(entry => (entry.Key, entry.Value)), .. added.Select(token => (token.Content, token.Id))],
                vocabulary.Name),
            added,
            isQwen2 ? new UnicodeForm(composes: true, compatible: false) : new NormalizerSequence([]),
            new ByteLevelPreTokenizer(
                config.BooleanOf("add_prefix_space") ?? false, isQwen2 ? KnownSplit.Qwen2 : KnownSplit.Gpt2),
            new Bpe(ids, ReadMerges(merges, ids), new BpeOptions()),
            SpecialTokenTemplate.None,
            new ByteLevelDecoder());
        return TokenizerSource.Of(
            pipeline, config, config.BooleanOf("add_bos_token"), config.BooleanOf("add_eos_token"),
            [vocabulary with { Name = TokenizerFiles.Vocabulary }, merges with { Name = TokenizerFiles.Merges }, .. beside]);
    }

    static MergeTable ReadMerges(NamedFile file, Dictionary<string, int> ids)
    {
        List<Merge> merges = [];
        foreach ((int number, string line) in file.Text().Split('\n').Index())
        {
            string text = line.TrimEnd('\r');
            if (text.Length == 0 || (number == 0 && text.StartsWith("#version", StringComparison.Ordinal)))
                continue;

            string where = $"{file.Name}:{number + 1}";
            if (text.Split(' ') is not [string left, string right])
                throw new TokenizerException($"{where} should have two tokens with one space between them, got '{text}'.");
            merges.Add(new Merge(IdOf(left, where), IdOf(right, where), IdOf(left + right, where), Rank: merges.Count));
        }

        return new MergeTable(merges);

        int IdOf(string token, string where) => ids.TryGetValue(token, out int id)
            ? id
            : throw new TokenizerException($"{where} needs the token '{token}', which the vocabulary does not have.");
    }
}
