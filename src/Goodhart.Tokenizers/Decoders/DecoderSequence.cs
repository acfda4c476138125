using Goodhart.Tokenizers.Normalizers;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Applies decoders one after the other.</summary>
sealed class DecoderSequence(IReadOnlyList<IDecoder> steps) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        int length = tokens.Sum(token => token.Length);
        IReadOnlyList<string> soFar = tokens;
        foreach (IDecoder step in steps)
        {
            soFar = step.Decode(soFar);
            Growth.Check(length, soFar.Sum(text => (long)text.Length));
        }

        return soFar;
    }
}
