using System.Buffers.Binary;
using System.Text;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Gguf;

/// <summary>A checked header: every number in it has been compared with the file before it is used.</summary>
sealed class GgufHeader
{
    const int MaxRank = 4, MaxAlignment = 1 << 16, DefaultAlignment = 32;

    /// <summary>Bytes of metadata and descriptions that are read at most; a vocabulary of 300,000 has some 10 MB.</summary>
    const long MaxHeaderBytes = 1L << 28;

    readonly string _path;
    readonly Stream _stream;
    readonly long _fileBytes;
    readonly byte[] _number = new byte[8];

    /// <exception cref="CheckpointException">The file breaks a rule of the format.</exception>
    public GgufHeader(string path, Stream stream)
    {
        (_path, _stream, _fileBytes) = (path, new BufferedStream(stream, 1 << 16), stream.Length);
        if (_fileBytes < 24 || Unsigned(4) != 0x46554747)
            throw Bad("should start with 'GGUF', its version and two counts. Is this a GGUF file?");

        ulong version = Unsigned(4);
        if (version is not (2 or 3))
            throw Bad($"is version {version} of the format; 2 and 3 are supported. Convert it again with a newer program.");

        long tensors = Count("tensors", leastBytes: 24), entries = Count("metadata entries", leastBytes: 13);
        for (long i = 0; i < entries; i++)
            ReadEntry();

        Alignment = Metadata.TryGetValue("general.alignment", out object? alignment) ? AlignmentOf(alignment) : DefaultAlignment;
        List<(string Name, GgufTensorType Type, int[] Shape, long Begin)> described = [];
        for (long i = 0; i < tensors; i++)
            described.Add(ReadTensor());

        DataBegin = (_stream.Position + Alignment - 1) / Alignment * Alignment;
        foreach ((string name, GgufTensorType type, int[] shape, long begin) in described)
            Place(name, type, shape, begin);
        CheckLayout();
    }

    /// <summary>Numbers are long or double, lists are object[].</summary>
    public Dictionary<string, object> Metadata { get; } = [];

    public Dictionary<string, GgufTensor> Tensors { get; } = [];

    public int Alignment { get; }

    public long DataBegin { get; }

    long Rest => Math.Min(_fileBytes, MaxHeaderBytes) - _stream.Position;

    void ReadEntry()
    {
        string key = Text("a metadata key");
        object value = Value(key, Unsigned(4), isElement: false);
        if (!Metadata.TryAdd(key, value))
            throw Bad($"has the metadata '{key}' twice. Convert it again.");
    }

    object Value(string key, ulong type, bool isElement) => type switch
    {
        0 or 2 or 4 => (long)Unsigned(type == 0 ? 1 : type == 2 ? 2 : 4),
        10 => Unsigned(8) is var large && large <= long.MaxValue ? (long)large : throw Bad($"'{key}' is {large}, more than 2^63."),
        1 => (long)(sbyte)Unsigned(1),
        3 => (long)(short)Unsigned(2),
        5 => (long)(int)Unsigned(4),
        11 => (long)Unsigned(8),
        6 => (double)BitConverter.UInt32BitsToSingle((uint)Unsigned(4)),
        12 => BitConverter.UInt64BitsToDouble(Unsigned(8)),
        7 => Unsigned(1) is var flag && flag <= 1 ? flag == 1 : throw Bad($"'{key}' should be 0 or 1, got {flag}."),
        8 => Text($"'{key}'"),
        9 when !isElement => List(key),
        _ => throw Bad($"'{key}' has the type {type}{(isElement ? " inside a list" : "")}, which is not supported. Convert it again."),
    };

    object[] List(string key)
    {
        ulong type = Unsigned(4);
        long count = Count($"elements of '{key}'", leastBytes: type switch { 0 or 1 or 7 => 1, 2 or 3 => 2, 4 or 5 or 6 => 4, _ => 8 });
        object[] values = new object[count];
        for (long i = 0; i < count; i++)
            values[i] = Value(key, type, isElement: true);
        return values;
    }

    (string Name, GgufTensorType Type, int[] Shape, long Begin) ReadTensor()
    {
        string name = Text("a tensor's name");
        ulong rank = Unsigned(4);
        if (rank is 0 or > MaxRank)
            throw Bad($"'{name}' should have 1 to {MaxRank} dimensions, got {rank}.");

        int[] shape = new int[rank];
        for (int i = (int)rank - 1; i >= 0; i--)
        {
            ulong size = Unsigned(8);
            shape[i] = size is > 0 and <= int.MaxValue ? (int)size : throw Bad($"'{name}' should have sizes from 1 to 2^31, got {size}.");
        }

        ulong type = Unsigned(4), begin = Unsigned(8);
        if (!Enum.IsDefined((GgufTensorType)type))
            throw Bad($"'{name}' has the type {type}, which is not supported. Convert it as F32, F16, BF16 or Q8_0.");
        if (begin > (ulong)_fileBytes || begin % (ulong)Alignment != 0)
            throw Bad($"'{name}' should begin at a multiple of {Alignment} inside the file, got {begin}.");
        return (name, (GgufTensorType)type, shape, (long)begin);
    }

    void Place(string name, GgufTensorType type, int[] shape, long begin)
    {
        Int128 count = shape.Aggregate((Int128)1, (product, size) => product * size);
        if (count > Array.MaxLength)
            throw Bad($"'{name}' has {count} values, more than {Array.MaxLength}.");
        if (GgufTensorTypes.BytesOf(type, (long)count, shape[^1]) is not long bytes)
            throw Bad($"'{name}' is Q8_0 with rows of {shape[^1]} values, not a multiple of {GgufTensorTypes.BlockValues}.");
        if (bytes > _fileBytes - DataBegin - begin)
            throw Bad($"'{name}' is said to lie at bytes {begin} to {begin + bytes} of {_fileBytes - DataBegin} bytes of data. Fetch it again.");
        if (!Tensors.TryAdd(name, new GgufTensor(name, type, shape, begin, bytes)))
            throw Bad($"has the tensor '{name}' twice. Convert it again.");
    }

    void CheckLayout()
    {
        GgufTensor? previous = null;
        foreach (GgufTensor tensor in Tensors.Values.OrderBy(tensor => tensor.Begin))
        {
            if (previous is not null && tensor.Begin < previous.Begin + previous.Bytes)
                throw Bad($"'{tensor.Name}' begins at byte {tensor.Begin} of the data, inside '{previous.Name}', which ends at {previous.Begin + previous.Bytes}.");
            previous = tensor;
        }
    }

    int AlignmentOf(object value) => value is long alignment and >= 8 and <= MaxAlignment && alignment % 8 == 0
        ? (int)alignment
        : throw Bad($"'general.alignment' should be a multiple of 8 up to {MaxAlignment}, got {value}.");

    /// <summary>A count that what is left of the file can hold.</summary>
    long Count(string what, int leastBytes)
    {
        ulong count = Unsigned(8);
        return count <= (ulong)Math.Max(0, Rest) / (ulong)leastBytes
            ? (long)count
            : throw Bad($"says that it has {count} {what}, but only {Math.Max(0, Rest)} bytes are left. Fetch it again.");
    }

    string Text(string what)
    {
        long length = Count($"bytes of {what}", leastBytes: 1);
        byte[] bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    ulong Unsigned(int bytes)
    {
        Fill(_number.AsSpan(0, bytes));
        _number.AsSpan(bytes).Clear();
        return BinaryPrimitives.ReadUInt64LittleEndian(_number);
    }

    void Fill(Span<byte> bytes)
    {
        if (bytes.Length > Rest || _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Bad($"ends, or has more than {MaxHeaderBytes} bytes of header, at byte {_stream.Position}. Fetch it again.");
    }

    CheckpointException Bad(string problem) => new($"{_path}: {problem}");
}
