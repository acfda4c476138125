namespace Goodhart.Tokenizers.Models;

/// <summary>How words are looked up.</summary>
sealed record WordPieceOptions
{
    /// <summary>The id of a word that cannot be spelled.</summary>
    public required int UnknownId { get; init; }

    /// <summary>What marks a piece that does not begin a word. Default <c>##</c>.</summary>
    public string ContinuingPrefix { get; init; } = "##";

    /// <summary>Longer words are unknown. Default 100 characters.</summary>
    public int MaxCharactersPerWord { get; init; } = 100;
}

/// <summary>WordPiece: takes the longest token that a word begins with, again and again.</summary>
/// <remarks>A word with a rest that no token begins is unknown as a whole.</remarks>
sealed class WordPiece(IReadOnlyDictionary<string, int> ids, WordPieceOptions options) : IModel
{
    // Tokens that begin words, and those that go on, without their prefix.
    readonly PieceTrie _beginning = new([.. ids.Where(entry => entry.Key.Length > 0)]);

    readonly PieceTrie _continuing = new([.. ids
        .Where(entry => entry.Key.Length > options.ContinuingPrefix.Length && entry.Key.StartsWith(options.ContinuingPrefix, StringComparison.Ordinal))
        .Select(entry => KeyValuePair.Create(entry.Key[options.ContinuingPrefix.Length..], entry.Value))]);

    public IEnumerable<KeyValuePair<string, int>> Tokens => ids;

    public int? UnknownId => options.UnknownId;

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        int before = ids.Count;
        int at = 0;
        if (CharactersOf(piece) <= options.MaxCharactersPerWord)
            at = Spell(piece, ids);
        if (at == piece.Length)
            return;

        ids.RemoveRange(before, ids.Count - before);
        ids.Add(options.UnknownId);
    }

    int Spell(ReadOnlySpan<char> word, List<int> ids)
    {
        int at = 0;
        while (at < word.Length)
        {
            (int length, int id) = (at == 0 ? _beginning : _continuing).LongestPrefix(word[at..]);
            if (length == 0)
                break;
            ids.Add(id);
            at += length;
        }

        return at;
    }

    static int CharactersOf(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (char c in word)
            count += char.IsLowSurrogate(c) ? 0 : 1;
        return count;
    }
}
