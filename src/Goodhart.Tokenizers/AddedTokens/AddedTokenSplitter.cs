using Goodhart.Tokenizers.Normalizers;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers.AddedTokens;

/// <summary>Sets added tokens apart and normalizes the text between them.</summary>
sealed class AddedTokenSplitter
{
    readonly INormalizer _normalizer;
    readonly AddedTokenFinder _inRawText;
    readonly AddedTokenFinder _inNormalizedText;

    public AddedTokenSplitter(IReadOnlyList<AddedToken> tokens, INormalizer normalizer)
    {
        _normalizer = normalizer;
        _inRawText = new AddedTokenFinder(tokens.Where(t => !t.IsNormalized).Select(t => (t.Content, t)));
        _inNormalizedText = new AddedTokenFinder(tokens
            .Where(t => t.IsNormalized)
            .Select(t => (Content: normalizer.Normalize(t.Content), t))
            .Where(t => t.Content.Length > 0));
    }

    /// <summary>In order, either an id or a piece of normalized text still to be encoded.</summary>
    public IEnumerable<(int? Id, Piece Piece)> Split(string text)
    {
        foreach (Segment raw in _inRawText.Segments(text))
        {
            if (raw.Id is not null)
            {
                yield return (raw.Id, default);
                continue;
            }

            string normalized = _normalizer.Normalize(text[raw.Start..raw.End]);
            foreach (Segment part in _inNormalizedText.Segments(normalized))
            {
                bool isFirst = raw.Start == 0 && part.Start == 0;
                yield return (part.Id, new Piece(normalized.AsMemory(part.Start, part.End - part.Start), isFirst));
            }
        }
    }
}
