namespace Goodhart.Models.Safetensors;

/// <summary>One tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a single number.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
public sealed record TensorEntry(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>How many elements it has.</summary>
    public long Count => (End - Begin) / Type.Bytes();

    /// <summary>As in "BF16 [16, 128]".</summary>
    public override string ToString() => $"{Type.HeaderName()} [{string.Join(", ", Shape)}]";
}
