using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using Goodhart.Models.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace Goodhart.Models.Safetensors;

/// <summary>A checked header: every number in it has been compared with the file before it is used.</summary>
sealed class SafetensorsHeader
{
    const int LengthBytes = sizeof(ulong);
    const int MaxBytes = 100_000_000;
    const int MaxRank = 64;

    readonly string _path;
    readonly long _dataBytes;
    readonly Dictionary<string, TensorEntry> _entries = [];
    readonly Dictionary<string, string> _metadata = [];

    public IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The byte of the file at which the tensors' offsets start.</summary>
    public long DataBegin { get; }

    /// <exception cref="CheckpointException">The file breaks a rule of the format.</exception>
    public SafetensorsHeader(string path, SafeFileHandle file)
    {
        _path = path;
        long fileBytes = RandomAccess.GetLength(file);
        byte[] json = ReadJson(file, fileBytes);
        DataBegin = LengthBytes + json.Length;
        _dataBytes = fileBytes - DataBegin;

        Parse(json);
        CheckLayout();
    }

    byte[] ReadJson(SafeFileHandle file, long fileBytes)
    {
        if (fileBytes < LengthBytes)
            throw Bad($"should start with the 8 bytes of its header's length, but has {fileBytes} bytes. Fetch it again.");

        byte[] prefix = new byte[LengthBytes];
        file.ReadExactly(prefix, 0, _path);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxBytes)
            throw Bad($"bytes 0-7 give a header of {length} bytes, the format allows {MaxBytes}. Is this a safetensors file?");

        if ((long)length > fileBytes - LengthBytes)
            throw Bad($"bytes 0-7 give a header of {length} bytes, but the file ends at byte {fileBytes}. Fetch it again.");

        byte[] json = new byte[length];
        file.ReadExactly(json, LengthBytes, _path);
        if (json is not [(byte)'{', ..])
            throw Bad("byte 8, the first of the header, should be '{'. Is this a safetensors file?");

        if (!Utf8.IsValid(json))
            throw Bad("the header is not valid UTF-8. Export the model again.");

        return json;
    }

    void Parse(byte[] json)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            reader.Read();
            HashSet<string> names = [];
            while (ReadKey(ref reader, names) is string name)
            {
                if (name == "__metadata__")
                    ReadMetadata(ref reader);
                else
                    _entries.Add(name, ReadEntry(ref reader, name));
            }

            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a value of another kind than the getter's, or half of a surrogate pair.
            throw new CheckpointException(
                $"{_path}: the header is not what the format asks for, near byte {LengthBytes + reader.BytesConsumed}. " +
                e.Message,
                e);
        }
    }

    /// <summary>The next key of an object, with the reader on its value; null at the object's end.</summary>
    string? ReadKey(ref Utf8JsonReader reader, HashSet<string> seen)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
            return null;

        string key = reader.GetString()!;
        if (!seen.Add(key))
            throw Bad($"the header has '{key}' twice, at byte {Position(ref reader)}. Export the model again.");

        reader.Read();
        return key;
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "'__metadata__' should be an object");
        HashSet<string> keys = [];
        while (ReadKey(ref reader, keys) is string key)
        {
            Expect(ref reader, JsonTokenType.String, $"metadata '{key}' should be a string");
            _metadata.Add(key, reader.GetString()!);
        }
    }

    TensorEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;

        Expect(ref reader, JsonTokenType.StartObject, $"'{name}' should be an object");
        HashSet<string> keys = [];
        while (ReadKey(ref reader, keys) is string key)
        {
            switch (key)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, $"'{name}': 'dtype' should be a string");
                    dtype = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, key);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, name, key);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (dtype is null || shape is null || offsets is not [long begin, long end])
            throw Bad($"'{name}' should have 'dtype', 'shape' and two 'data_offsets'. Export the model again.");

        return Check(name, dtype, shape, begin, end);
    }

    List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        Expect(ref reader, JsonTokenType.StartArray, $"'{name}': '{key}' should be a list");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Bad($"'{name}': '{key}' should hold whole numbers from 0, at byte {Position(ref reader)}.");

            if (numbers.Count == MaxRank)
                throw Bad($"'{name}': '{key}' has more than {MaxRank} numbers.");

            numbers.Add(number);
        }

        return numbers;
    }

    TensorEntry Check(string name, string dtype, List<long> shape, long begin, long end)
    {
        if (SafetensorsTypes.Parse(dtype) is not SafetensorsType type)
            throw Bad($"'{name}' has the type '{dtype}', which is not supported. Export the model as F32, F16 or BF16.");

        if (begin > end || end > _dataBytes)
            throw Bad($"'{name}' is said to lie at bytes {begin} to {end} of {_dataBytes} bytes of data. Fetch it again.");

        if (ByteCount(shape, type) is var bytes && bytes != end - begin)
        {
            throw Bad(
                $"'{name}' is {dtype} [{string.Join(", ", shape)}], {bytes?.ToString() ?? "more than 2^63"} bytes, " +
                $"but its data_offsets span {end - begin}. Export the model again.");
        }

        return new TensorEntry(name, type, shape, begin, end);
    }

    /// <summary>Null if it does not fit.</summary>
    static long? ByteCount(List<long> shape, SafetensorsType type)
    {
        if (shape.Contains(0))
            return 0;

        long bytes = type.Bytes();
        foreach (long size in shape)
        {
            if (size > long.MaxValue / bytes)
                return null;

            bytes *= size;
        }

        return bytes;
    }

    /// <summary>The tensors should lie one behind the other and fill the file.</summary>
    void CheckLayout()
    {
        long at = 0;
        string previous = "the header";
        foreach (TensorEntry entry in _entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin < at)
                throw Bad($"'{entry.Name}' begins at byte {entry.Begin} of the data, inside {previous}, which ends at {at}.");

            if (entry.Begin > at)
                throw Bad($"{entry.Begin - at} bytes of data between {previous} and '{entry.Name}' belong to no tensor.");

            at = entry.End;
            previous = $"'{entry.Name}'";
        }

        if (at != _dataBytes)
            throw Bad($"{_dataBytes - at} bytes after {previous} belong to no tensor. Fetch it again.");
    }

    void Expect(ref Utf8JsonReader reader, JsonTokenType type, string rule)
    {
        if (reader.TokenType != type)
            throw Bad($"{rule}, got {reader.TokenType} at byte {Position(ref reader)}.");
    }

    static long Position(ref Utf8JsonReader reader) => LengthBytes + reader.TokenStartIndex;

    CheckpointException Bad(string problem) => new($"{_path}: {problem}");
}
