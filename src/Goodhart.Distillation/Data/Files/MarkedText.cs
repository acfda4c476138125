using Goodhart.Tokenizers;

namespace Goodhart.Distillation.Data.Files;

/// <summary>A text of which parts are learnt.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Learnt">The parts, in order, not overlapping.</param>
/// <param name="HasSpecialTokens">Whether special tokens are written out in it, so that none are to be added.</param>
readonly record struct MarkedText(string Text, IReadOnlyList<Range> Learnt, bool HasSpecialTokens)
{
    /// <summary>The ids of the whole text, and which of them are learnt.</summary>
    /// <remarks>
    /// The whole is encoded at once, as a model would have read it in training. A part begins where the ids of what is before it
    /// and those of the whole first differ, so a token that spans the boundary is learnt.
    /// </remarks>
    public (int[] Ids, bool[] Learnt) Encode(Tokenizer tokenizer)
    {
        int[] ids = tokenizer.Encode(Text, !HasSpecialTokens);
        bool[] learnt = new bool[ids.Length];
        foreach (Range part in Learnt)
        {
            (int start, int length) = part.GetOffsetAndLength(Text.Length);
            int from = IdsBefore(tokenizer, ids, start), to = start + length == Text.Length ? ids.Length : IdsBefore(tokenizer, ids, start + length);
            learnt.AsSpan(from, Math.Max(0, to - from)).Fill(true);
        }

        return (ids, learnt);
    }

    int IdsBefore(Tokenizer tokenizer, int[] ids, int end) =>
        ids.AsSpan().CommonPrefixLength(tokenizer.Encode(Text[..end], !HasSpecialTokens));
}
