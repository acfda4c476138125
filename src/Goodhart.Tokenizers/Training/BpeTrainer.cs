using Goodhart.Tokenizers.Files;

namespace Goodhart.Tokenizers.Training;

/// <summary>Learns a byte-level BPE vocabulary, in the manner of GPT-2, from texts.</summary>
/// <remarks>Sennrich, Haddow, Birch 2016: merge the most frequent pair of neighbors, again and again.</remarks>
public static class BpeTrainer
{
    const string Bos = "<s>";

    /// <summary>Learns from texts; the same texts in the same order give the same tokenizer.</summary>
    /// <param name="texts">Read once; words never reach across two of them.</param>
    /// <param name="options">See there for the defaults.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="TokenizerException">A text has half a surrogate pair.</exception>
    public static Tokenizer Train(IEnumerable<string> texts, BpeTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        Check(options);

        BpeMerger merger = new(WordCounter.Count(texts, options.SpecialTokens), ByteAlphabet.Letters);
        List<(string, string)> merges =
            merger.Run(options.VocabularySize - options.SpecialTokens.Count, options.MinFrequency);

        if (options.SpecialTokens.FirstOrDefault(merger.Tokens.Contains) is string learned)
            throw Wrong($"The special token '{learned}' is also how a learned token is spelled.");

        string[] tokens = [.. options.SpecialTokens, .. merger.Tokens];
        string? bos = options.SpecialTokens.Contains(Bos) ? Bos : null;
        byte[] json = TokenizerJsonWriter.ByteLevel(tokens, merges, options.SpecialTokens, bos);
        return new Tokenizer(TokenizerSource.OfJson(new NamedFile("the trained tokenizer", json), []));
    }

    static void Check(BpeTrainerOptions options)
    {
        int least = ByteAlphabet.Letters.Count + options.SpecialTokens.Count;
        if (options.VocabularySize < least)
            throw Wrong($"VocabularySize should be at least {least}, the bytes and special tokens, got {options.VocabularySize}.");
        if (options.MinFrequency < 1)
            throw Wrong($"MinFrequency should be at least 1, got {options.MinFrequency}.");
        if (options.SpecialTokens.FirstOrDefault(token => token.Length < 2) is string tooShort)
            throw Wrong($"A special token should have at least 2 characters, got '{tooShort}'.");
        if (options.SpecialTokens.Distinct(StringComparer.Ordinal).Count() < options.SpecialTokens.Count)
            throw Wrong("A special token is named twice.");
    }

    static ArgumentException Wrong(string message) => new(message);
}
