namespace Goodhart.Tokenizers.Decoders;

/// <summary>Turns tokens towards text; the results of the last decoder are joined without a gap.</summary>
interface IDecoder
{
    IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}
