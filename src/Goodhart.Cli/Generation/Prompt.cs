using System.Text;
using System.Text.Json;

namespace Goodhart.Cli.Generation;

/// <summary>A text to continue.</summary>
/// <param name="Place">Where it was given, for messages: <c>--prompt</c> or <c>file:line</c>.</param>
/// <param name="Text">May be empty.</param>
sealed record Prompt(string Place, string Text)
{
    const int MostBytes = 256 << 20;

    /// <summary>The prompts of a file: an object with "prompt" a line for .jsonl, else a text a line; empty lines are skipped.</summary>
    /// <exception cref="UsageException">The file is not UTF-8, has no prompt, or has a line that is none.</exception>
    public static IReadOnlyList<Prompt> ReadFile(string path)
    {
        bool isJson = Path.GetExtension(path).Equals(".jsonl", StringComparison.OrdinalIgnoreCase);
        List<Prompt> prompts = [];
        List<string> problems = [];
        string[] lines = Decode(path).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r'), place = $"{path}:{i + 1}";
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if ((isJson ? FromJson(line) : line) is string text)
                prompts.Add(new Prompt(place, text));
            else
                problems.Add($"{place}: should be an object such as {{\"prompt\": \"Once upon a time\"}}.");
        }

        if (problems.Count > 0)
            throw new UsageException(problems);
        return prompts.Count > 0 ? prompts : throw new UsageException($"{path}: has no prompt. Write one a line.");
    }

    static string Decode(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > MostBytes)
            throw new UsageException($"{path}: should have at most {MostBytes} bytes, got {length}. Cut it into several files.");

        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            int line = 1 + bytes.AsSpan(0, e.Index).Count((byte)'\n');
            throw new UsageException($"{path}:{line}: is not UTF-8 text (byte {e.Index}). Save the file as UTF-8.");
        }
    }

    static string? FromJson(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("prompt", out JsonElement prompt) && prompt.ValueKind == JsonValueKind.String
                ? prompt.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // InvalidOperationException: an escaped half of a surrogate pair.
        }
    }
}
