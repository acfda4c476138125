using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Goodhart.Models.Generation;

namespace Goodhart.Cli.Generation;

/// <summary>A completion as a line of JSON.</summary>
static class CompletionLine
{
    /// <param name="prompt">As given.</param>
    /// <param name="completion">The new text only.</param>
    /// <param name="source">Who wrote it: teacher, student or oracle.</param>
    /// <param name="model">Its directory.</param>
    /// <param name="seed">Of the sampling.</param>
    /// <param name="reason">Why it ended.</param>
    public static string Of(string prompt, string completion, string source, string model, long seed, FinishReason reason)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("prompt", prompt);
            json.WriteString("completion", completion);
            json.WriteString("source", source);
            json.WriteString("model", model);
            json.WriteNumber("seed", seed);
            json.WriteString("finish_reason", reason == FinishReason.Stop ? "stop" : "length");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(line.ToArray());
    }
}
