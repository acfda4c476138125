namespace Goodhart.Models.Gguf;

/// <summary>How a tensor's values are stored; the numbers are the format's.</summary>
public enum GgufTensorType
{
    /// <summary>32-bit float.</summary>
    F32 = 0,

    /// <summary>16-bit IEEE float.</summary>
    F16 = 1,

    /// <summary>Blocks of 32: a 16-bit scale, and 32 signed bytes that it multiplies.</summary>
    Q8 = 8,

    /// <summary>16-bit float with the exponent of a 32-bit one.</summary>
    BF16 = 30,
}

/// <summary>One tensor as the header describes it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">How its values are stored.</param>
/// <param name="Shape">Its sizes, outermost first; the file has them the other way round.</param>
/// <param name="Begin">Its first byte, counted from the start of the data.</param>
/// <param name="Bytes">How many bytes it has.</param>
public sealed record GgufTensor(string Name, GgufTensorType Type, IReadOnlyList<int> Shape, long Begin, long Bytes)
{
    /// <summary>How many values it has.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => product * size);

    /// <summary>As in "F16 [16, 128]".</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}

static class GgufTensorTypes
{
    public const int BlockValues = 32, BlockBytes = 34;

    /// <summary>Bytes of so many values in rows of a length; null where a row is not whole blocks.</summary>
    public static long? BytesOf(GgufTensorType type, long values, long rowLength) => type switch
    {
        GgufTensorType.F32 => 4 * values,
        GgufTensorType.F16 or GgufTensorType.BF16 => 2 * values,
        _ => rowLength % BlockValues == 0 ? values / BlockValues * BlockBytes : null,
    };
}
