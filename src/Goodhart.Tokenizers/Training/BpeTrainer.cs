namespace Goodhart.Tokenizers.Training;

/// <summary>Learns a byte-level BPE vocabulary, in the manner of GPT-2, from texts.</summary>
/// <remarks>Sennrich, Haddow, Birch 2016: merge the most frequent pair of neighbours, again and again.</remarks>
public static class BpeTrainer
{
    const int Bytes = 256;
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

        string[] alphabet = [.. Enumerable.Range(0, Bytes).Select(b => ByteAlphabet.Spell([(byte)b])).Order(StringComparer.Ordinal)];
        BpeMerger merger = new(WordCounter.Count(texts, options.SpecialTokens), alphabet);
        List<(string, string)> merges =
            merger.Run(options.VocabularySize - options.SpecialTokens.Count, options.MinFrequency);

        if (options.SpecialTokens.FirstOrDefault(merger.Tokens.Contains) is string learned)
            throw new ArgumentException($"The special token '{learned}' is also how a learned token is spelled.", nameof(options));

        string[] tokens = [.. options.SpecialTokens, .. merger.Tokens];
        string? bos = options.SpecialTokens.Contains(Bos) ? Bos : null;
        return new Tokenizer(
            TokenizerJsonWriter.ByteLevel(tokens, merges, options.SpecialTokens, bos), "the trained tokenizer");
    }

    static void Check(BpeTrainerOptions options)
    {
        int least = Bytes + options.SpecialTokens.Count;
        if (options.VocabularySize < least)
            throw new ArgumentException($"VocabularySize should be at least {least} (256 bytes and the special tokens), got {options.VocabularySize}.", nameof(options));
        if (options.MinFrequency < 1)
            throw new ArgumentException($"MinFrequency should be at least 1, got {options.MinFrequency}.", nameof(options));
        if (options.SpecialTokens.Any(token => token.Length < 2))
            throw new ArgumentException("A special token should have at least 2 characters, since single bytes are tokens already.", nameof(options));
        if (options.SpecialTokens.Distinct(StringComparer.Ordinal).Count() < options.SpecialTokens.Count)
            throw new ArgumentException("A special token is named twice.", nameof(options));
    }
}
