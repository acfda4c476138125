namespace Goodhart.Models.Safetensors;

/// <summary>The element types of a safetensors file that fill whole bytes.</summary>
public enum SafetensorsType
{
    /// <summary>64-bit float.</summary>
    F64,

    /// <summary>32-bit float.</summary>
    F32,

    /// <summary>16-bit IEEE float.</summary>
    F16,

    /// <summary>16-bit float with the exponent of a 32-bit one.</summary>
    BF16,

    /// <summary>8-bit float, 4 bits of exponent.</summary>
    F8E4M3,

    /// <summary>8-bit float, 5 bits of exponent.</summary>
    F8E5M2,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>What the header calls each type, and its size.</summary>
static class SafetensorsTypes
{
    static readonly (SafetensorsType Type, string Name, int Bytes)[] Table =
    [
        (SafetensorsType.F64, "F64", 8),
        (SafetensorsType.F32, "F32", 4),
        (SafetensorsType.F16, "F16", 2),
        (SafetensorsType.BF16, "BF16", 2),
        (SafetensorsType.F8E4M3, "F8_E4M3", 1),
        (SafetensorsType.F8E5M2, "F8_E5M2", 1),
        (SafetensorsType.I64, "I64", 8),
        (SafetensorsType.I32, "I32", 4),
        (SafetensorsType.I16, "I16", 2),
        (SafetensorsType.I8, "I8", 1),
        (SafetensorsType.U64, "U64", 8),
        (SafetensorsType.U32, "U32", 4),
        (SafetensorsType.U16, "U16", 2),
        (SafetensorsType.U8, "U8", 1),
        (SafetensorsType.Bool, "BOOL", 1),
    ];

    public static int Bytes(this SafetensorsType type) => Table[(int)type].Bytes;

    public static string HeaderName(this SafetensorsType type) => Table[(int)type].Name;

    public static SafetensorsType? Parse(string name)
    {
        int index = Array.FindIndex(Table, row => row.Name == name);
        return index < 0 ? null : Table[index].Type;
    }
}
