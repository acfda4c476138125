using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Goodhart.Lab.Configuration;

/// <summary>YAML text to a tree of nodes that know their lines.</summary>
/// <remarks>Aliases are refused, and size and depth are bounded: a small file cannot grow into a large tree.</remarks>
sealed class ConfigReader
{
    public const int MaxBytes = 256 * 1024;
    const int MaxDepth = 32;

    readonly Parser _events;
    readonly Func<Mark, string> _place;

    ConfigReader(string yaml, Func<Mark, string> place)
    {
        _events = new Parser(new StringReader(yaml));
        _place = place;
    }

    public static ConfigNode ReadFile(string path)
    {
        byte[] bytes = ReadBytes(path);
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            int lines = 1 + text.TrimEnd().Count(c => c == '\n');
            return Read(text.TrimStart('\uFEFF'), path, mark => $"{path}:{Math.Min(mark.Line, lines)}");
        }
        catch (DecoderFallbackException e)
        {
            int line = 1 + bytes.AsSpan(0, e.Index).Count((byte)'\n');
            throw Problem($"{path}:{line}", $"not UTF-8 text (byte {e.Index}). Save the file as UTF-8.");
        }
    }

    /// <param name="yaml">The text.</param>
    /// <param name="whole">The place of the text as a whole.</param>
    /// <param name="place">The place of a mark inside it.</param>
    public static ConfigNode Read(string yaml, string whole, Func<Mark, string> place)
    {
        try
        {
            return new ConfigReader(yaml, place).ReadDocument(whole);
        }
        catch (YamlException e)
        {
            throw Problem(place(e.Start), $"not valid YAML: {e.Message.TrimEnd('.')}.");
        }
    }

    ConfigNode ReadDocument(string whole)
    {
        _events.Consume<StreamStart>();
        if (!_events.TryConsume<DocumentStart>(out _))
            return new ScalarNode(whole, "", IsPlain: true);

        ConfigNode root = ReadNode(depth: 0);
        _events.Consume<DocumentEnd>();
        if (!_events.Accept<StreamEnd>(out _))
            throw Problem(_place(_events.Current!.Start), "a second document starts here. Keep one.");

        return root;
    }

    ConfigNode ReadNode(int depth)
    {
        string place = _place(_events.Current!.Start);
        if (depth > MaxDepth)
            throw Problem(place, $"nested deeper than {MaxDepth} levels.");

        if (_events.TryConsume<Scalar>(out Scalar? scalar))
            return new ScalarNode(place, scalar.Value, scalar.Style == ScalarStyle.Plain);

        if (_events.TryConsume<SequenceStart>(out _))
        {
            List<ConfigNode> items = [];
            while (!_events.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(depth + 1));
            return new ListNode(place, items);
        }

        if (_events.TryConsume<MappingStart>(out _))
        {
            List<MapEntry> entries = [];
            while (!_events.TryConsume<MappingEnd>(out _))
                entries.Add(ReadEntry(depth + 1));
            return new MapNode(place, entries);
        }

        throw Problem(place, "aliases (*name) are not supported. Write the value out.");
    }

    MapEntry ReadEntry(int depth)
    {
        string place = _place(_events.Current!.Start);
        return _events.TryConsume<Scalar>(out Scalar? key)
            ? new MapEntry(place, key.Value, ReadNode(depth))
            : throw Problem(place, "a key should be a plain name.");
    }

    static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            byte[] bytes = new byte[MaxBytes + 1];
            int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count <= MaxBytes
                ? bytes[..count]
                : throw Problem(path, $"larger than {MaxBytes / 1024} KiB, too large for a configuration.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Problem(path, "no such file.");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw Problem(path, "is a folder. Name the YAML file inside it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Problem(path, $"cannot be read: {e.Message}");
        }
    }

    static ConfigException Problem(string place, string problem) => new([$"{place}: {problem}"]);
}
