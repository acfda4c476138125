using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Goodhart.Lab.Runs;

/// <summary><c>metrics.jsonl</c>: one JSON object a line, only ever added to, and flushed after each line.</summary>
public sealed class MetricLog : IDisposable
{
    readonly string _path;
    readonly FileStream _file;
    readonly ArrayBufferWriter<byte> _line = new();

    MetricLog(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Opens a log at its end; makes it, and its folder, where there is none.</summary>
    /// <exception cref="RunFolderException">The file cannot be opened.</exception>
    public static MetricLog Open(string path) => Guard(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new MetricLog(path, new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
    });

    /// <summary>Adds a line and flushes it; numbers that are not finite become null.</summary>
    /// <exception cref="RunFolderException">The line cannot be written, as on a full disk.</exception>
    public void Write(MetricLine line)
    {
        _line.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_line))
        {
            json.WriteStartObject();
            foreach ((string name, MetricValue value) in line)
                WriteValue(json, name, value);
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        Guard(_path, () =>
        {
            _file.Write(_line.WrittenSpan);
            _file.Flush();
            return true;
        });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads all lines; a last line that was cut short by the end of its process is left out.</summary>
    /// <exception cref="RunFolderException">The file cannot be read, or a line before the last is not an object.</exception>
    public static IReadOnlyList<MetricLine> Read(string path)
    {
        string[] texts = Guard(path, () => File.ReadAllText(path, Encoding.UTF8)).Split('\n');
        List<MetricLine> lines = [];
        for (int i = 0; i < texts.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(texts[i]))
                continue;

            if (TryParse(texts[i]) is MetricLine line)
                lines.Add(line);
            else if (i < texts.Length - 1)
                throw new RunFolderException($"{path}:{i + 1}: not a JSON object. Remove the line to read the others.");
        }

        return lines;
    }

    static void WriteValue(Utf8JsonWriter json, string name, MetricValue value)
    {
        if (value.Text is string text)
            json.WriteString(name, text);
        else if (double.IsFinite(value.Number))
            json.WriteNumber(name, value.Number);
        else
            json.WriteNull(name);
    }

    static MetricLine? TryParse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;

            MetricLine line = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                line[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.Number => property.Value.GetDouble(),
                    JsonValueKind.String => property.Value.GetString()!,
                    _ => double.NaN,
                };
            }

            return line;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: half of a surrogate pair.
        {
            return null;
        }
    }

    static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{path}: {e.Message}", e);
        }
    }
}
