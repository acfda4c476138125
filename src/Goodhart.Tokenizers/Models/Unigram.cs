namespace Goodhart.Tokenizers.Models;

/// <summary>A piece of a unigram model.</summary>
/// <param name="Text">Never empty.</param>
/// <param name="Id">Its id.</param>
/// <param name="Score">The logarithm of its probability.</param>
readonly record struct ScoredPiece(string Text, int Id, double Score);

/// <summary>How a unigram model treats what its pieces do not cover, and how it adds.</summary>
sealed record UnigramOptions
{
    /// <summary>The id that stands for unknown characters; neighbors share one.</summary>
    public required int UnknownId { get; init; }

    /// <summary>What one unknown character adds to a path: the least score minus ten.</summary>
    public required double UnknownScore { get; init; }

    /// <summary>The ids of the 256 byte tokens that unknown text is spelled in; null where it is not.</summary>
    public int[]? ByteIds { get; init; }

    /// <summary>
    /// Whether sums are rounded to single precision, as SentencePiece does: in long texts that decides between near ties.
    /// </summary>
    public bool RoundsToSingle { get; init; }
}

/// <summary>The unigram model: of all ways to cut a text into pieces, the one of greatest total score.</summary>
/// <remarks>
/// Kudo 2018, arXiv 1804.10959. Viterbi over positions: best(j) = max over pieces text[i..j] of best(i) + score. Of equal
/// paths the one whose last piece begins first wins.
/// </remarks>
sealed class Unigram : IModel
{
    readonly IReadOnlyDictionary<string, int> _tokens;
    readonly UnigramOptions _options;
    readonly PieceTrie _trie;
    readonly ScoredPiece[] _pieces;

    /// <param name="tokens">All tokens, also those that text is never cut into.</param>
    /// <param name="pieces">What text is cut into.</param>
    /// <param name="options">See there.</param>
    public Unigram(IReadOnlyDictionary<string, int> tokens, ScoredPiece[] pieces, UnigramOptions options)
    {
        _tokens = tokens;
        _pieces = pieces;
        _options = options;
        _trie = new PieceTrie([.. pieces.Select((piece, index) => KeyValuePair.Create(piece.Text, index))]);
    }

    public IEnumerable<KeyValuePair<string, int>> Tokens => _tokens;

    public int? UnknownId => _options.UnknownId;

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.IsEmpty)
            return;

        // Of the best path to each end: its score, where its last piece begins, and which that is, -1 for an unknown one.
        var best = new double[piece.Length + 1];
        var starts = new int[piece.Length + 1];
        var last = new int[piece.Length + 1];
        Array.Fill(starts, -1);
        for (int at = 0, length; at < piece.Length; at += length)
        {
            length = char.IsHighSurrogate(piece[at]) ? 2 : 1;
            bool hasSingle = false;
            int node = PieceTrie.Root;
            for (int end = at + 1; end <= piece.Length && (node = _trie.Child(node, piece[end - 1])) >= 0; end++)
            {
                int index = _trie.ValueAt(node);
                if (index < 0)
                    continue;

                Offer(best[at] + _pieces[index].Score, at, end, index);
                hasSingle |= end - at == length;
            }

            if (!hasSingle)
                Offer(Rounded(best[at] + _options.UnknownScore), at, at + length, -1);
        }

        AddPath(piece, starts, last, ids);

        void Offer(double score, int from, int to, int index)
        {
            if (starts[to] >= 0 && score <= best[to])
                return;
            (best[to], starts[to], last[to]) = (Rounded(score), from, index);
        }
    }

    double Rounded(double score) => _options.RoundsToSingle ? (float)score : score;

    void AddPath(ReadOnlySpan<char> piece, int[] starts, int[] last, List<int> ids)
    {
        Stack<(int Start, int End, int Index)> path = [];
        for (int end = piece.Length; end > 0; end = starts[end])
            path.Push((starts[end], end, last[end]));

        bool afterUnknown = false;
        foreach ((int start, int end, int index) in path)
        {
            if (index >= 0)
                ids.Add(_pieces[index].Id);
            else if (_options.ByteIds is int[] byteIds)
                ByteToken.Spell(piece[start..end], byteIds, ids);
            else if (!afterUnknown)
                ids.Add(_options.UnknownId);
            afterUnknown = index < 0;
        }
    }
}
