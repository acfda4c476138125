using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Distillation.Data.Files;

/// <summary>The lines of a JSONL file, read and checked once and then again where one is asked for.</summary>
/// <remarks>In memory are 40 bytes a line, so a file may be larger than memory. It must not change meanwhile.</remarks>
public sealed class DataFile : IReadOnlyList<DataLine>
{
    readonly List<Entry> _entries = [];

    /// <summary>Reads and checks every line.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CorpusException">The file is missing or empty, or a line cannot be used; the message names it.</exception>
    public DataFile(string path)
    {
        Path = path;
        foreach (FileLine line in LineFile.Read(path))
        {
            DataLine data = DataLineReader.Parse(line.Text, $"{path}:{line.Number}");
            _entries.Add(new Entry(line.Number, line.Offset, KeyOf(data), data.HasCompletion));
        }

        if (_entries.Count == 0)
            throw new CorpusException($"{path}: holds no line. Write one JSON object a line.");
    }

    /// <summary>As it was named.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public DataLine this[int index]
    {
        get
        {
            Entry entry = _entries[index];
            string place = $"{Path}:{entry.Number}";
            try
            {
                DataLine data = DataLineReader.Parse(LineFile.Read(Path, entry.Offset).First().Text, place);
                if (KeyOf(data) == entry.Key)
                    return data;
            }
            catch (Exception e) when (e is CorpusException or InvalidOperationException)
            {
                throw Changed(place, e);
            }

            throw Changed(place);
        }
    }

    /// <summary>Lines with the same key ask the same, capitals, punctuation and white space aside.</summary>
    public UInt128 Key(int index) => _entries[index].Key;

    /// <summary>Whether the line has something to learn.</summary>
    public bool HasCompletion(int index) => _entries[index].HasCompletion;

    /// <inheritdoc/>
    public IEnumerator<DataLine> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static UInt128 KeyOf(DataLine line)
    {
        string words = string.Join(' ', PromptWords.Of(line.Key));
        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(words.Length > 0 ? words : line.Key)));
    }

    static CorpusException Changed(string place, Exception? cause = null) =>
        new($"{place}: has changed since the run began. Leave the file alone while it is used.", cause);

    readonly record struct Entry(int Number, long Offset, UInt128 Key, bool HasCompletion);
}
