using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Tokenizers.ChatTemplates;

namespace Goodhart.Distillation.Data.Files;

/// <summary>Reads the shapes of JSON lines that trainers use.</summary>
/// <remarks>
/// <c>messages</c>; <c>prompt</c> with or without <c>completion</c>, texts or lists of messages; <c>text</c>;
/// <c>instruction</c>, perhaps <c>input</c>, and <c>output</c>, which are read as a question and its answer. Other keys are left alone.
/// </remarks>
public static class DataLineReader
{
    /// <summary>Reads a file a line at a time.</summary>
    /// <exception cref="CorpusException">The file cannot be read, or a line has none of these shapes; the message names it.</exception>
    public static IEnumerable<DataLine> Read(string path) => LineFile.Read(path).Select(line => Parse(line.Text, $"{path}:{line.Number}"));

    internal static DataLine Parse(string text, string place)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject line
                ? Read(line, place)
                : throw new CorpusException($"{place}: should be a JSON object, such as {{\"prompt\": \"Once upon a time\"}}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException) // Half a surrogate pair; a key twice.
        {
            throw new CorpusException($"{place}: is not JSON ({e.Message})", e);
        }
    }

    static DataLine Read(JsonObject line, string place)
    {
        if (line.ContainsKey("messages"))
            return new ChatLine(place, Messages(line, "messages", place));
        if (line.ContainsKey("prompt"))
            return Pair(line, place);
        if (line.ContainsKey("text"))
            return new PairLine(place, "", NotBlank(line, "text", place));
        if (line.ContainsKey("instruction"))
            return Instruction(line, place);
        throw new CorpusException(
            $"{place}: should have 'messages', 'prompt', 'text' or 'instruction', got {(line.Count == 0 ? "no key" : string.Join(", ", line.Take(8).Select(pair => $"'{pair.Key}'")))}. Rename the key that holds the text.");
    }

    static DataLine Pair(JsonObject line, string place)
    {
        bool hasCompletion = line["completion"] is not null;
        if (line["prompt"] is JsonArray)
        {
            IReadOnlyList<ChatMessage> prompt = Messages(line, "prompt", place);
            return new ChatLine(place, hasCompletion ? [.. prompt, .. Messages(line, "completion", place)] : prompt);
        }

        return new PairLine(place, Text(line, "prompt", place), hasCompletion ? NotBlank(line, "completion", place) : null);
    }

    static PairLine Instruction(JsonObject line, string place)
    {
        string question = NotBlank(line, "instruction", place), input = line["input"] is null ? "" : Text(line, "input", place);
        return new PairLine(place, question + (input.Length == 0 ? "" : "\n\n" + input) + "\n\n", line["output"] is null ? null : NotBlank(line, "output", place));
    }

    static List<ChatMessage> Messages(JsonObject line, string key, string place)
    {
        if (line[key] is not JsonArray { Count: > 0 } list)
            throw new CorpusException($"{place}: '{key}' should be a list of messages with 'role' and 'content'.");

        List<ChatMessage> messages = [];
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject message)
                throw new CorpusException($"{place}: '{key}[{i}]' should be an object with 'role' and 'content'.");
            string at = $"{place}: {key}[{i}]";
            string role = Text(message, "role", at);
            if (message["content"] is null && !message.ContainsKey("tool_calls"))
                throw new CorpusException($"{at}: a message of '{role}' should have 'content'.");
            messages.Add(new ChatMessage((JsonObject)message.DeepClone()));
        }

        return messages;
    }

    static string NotBlank(JsonObject line, string key, string place) => Text(line, key, place) is { } text && !string.IsNullOrWhiteSpace(text)
        ? text
        : throw new CorpusException($"{place}: '{key}' is blank, so nothing could be learnt. Remove the line.");

    static string Text(JsonObject line, string key, string place) =>
        line[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new CorpusException($"{place}: '{key}' should be a text, got {(line[key] is null ? "nothing" : line[key]!.GetValueKind().ToString().ToLowerInvariant())}.");
}
