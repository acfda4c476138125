using System.Text;
using System.Text.Json;

namespace Goodhart.Distillation.Data;

/// <summary>Documents of text files.</summary>
/// <remarks>
/// A .jsonl file has an object a line: {"text": …}, or {"prompt": …, "completion": …}, which are joined. In any other file
/// &lt;|endoftext|&gt; ends a document; a file without one is one document. All are UTF-8.
/// </remarks>
public static class TextCorpus
{
    const string EndOfText = "<|endoftext|>";
    const char ByteOrderMark = '\uFEFF';

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All documents of all files that are not blank, in order.</summary>
    /// <exception cref="CorpusException">A file is missing, is not UTF-8, is not of the form its name says, or all are empty.</exception>
    public static IReadOnlyList<string> Read(IEnumerable<string> paths)
    {
        List<string> documents = [];
        foreach (string path in paths)
        {
            int before = documents.Count;
            documents.AddRange((path.EndsWith(".jsonl", StringComparison.Ordinal) ? JsonLines(path) : Plain(path))
                .Select(document => document.Trim()).Where(document => document.Length > 0));
            if (documents.Count == before)
                throw new CorpusException($"{path}: holds no text. Name a file with at least one document.");
        }

        return documents;
    }

    static string[] Plain(string path) => ReadAll(path).Split(EndOfText);

    static IEnumerable<string> JsonLines(string path)
    {
        string[] lines = ReadAll(path).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (!string.IsNullOrWhiteSpace(lines[i]))
                yield return Document(lines[i], $"{path}:{i + 1}");
        }
    }

    static string Document(string line, string place)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                if (Text(json.RootElement, "text") is string text)
                    return text;
                if (Text(json.RootElement, "prompt") is string prompt && Text(json.RootElement, "completion") is string completion)
                    return prompt + completion;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // The latter: half of a surrogate pair.
        {
            throw new CorpusException($"{place}: is not JSON ({e.Message})", e);
        }

        throw new CorpusException($"{place}: should be an object with a string 'text', or with strings 'prompt' and 'completion'.");
    }

    static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string ReadAll(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"{path}: cannot be read ({e.Message})", e);
        }

        try
        {
            return Strict.GetString(bytes).TrimStart(ByteOrderMark);
        }
        catch (DecoderFallbackException e)
        {
            throw new CorpusException($"{path}: is not UTF-8; the first bad byte is at offset {e.Index}. Convert the file, say with iconv.", e);
        }
    }
}

/// <summary>A text file that cannot be used: where, rule, got, what to do.</summary>
public sealed class CorpusException : Exception
{
    /// <summary>With a message for the user.</summary>
    public CorpusException(string message) : base(message)
    {
    }

    /// <summary>With a message for the user and what caused it.</summary>
    public CorpusException(string message, Exception? inner) : base(message, inner)
    {
    }
}
