using System.Text.Json;
using System.Text.Json.Serialization;

namespace Goodhart.Models.Checkpoints;

/// <summary>Token ids as Hugging Face writes them: null for none, a number for one, a list for several.</summary>
sealed class TokenIdsConverter : JsonConverter<IReadOnlyList<int>>
{
    public override bool HandleNull => true;

    public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];

        if (reader.TokenType != JsonTokenType.StartArray)
            return [ReadId(ref reader)];

        List<int> ids = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            ids.Add(ReadId(ref reader));

        return ids;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options)
    {
        if (value.Count == 0)
        {
            writer.WriteNullValue();
            return;
        }

        if (value.Count == 1)
        {
            writer.WriteNumberValue(value[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (int id in value)
            writer.WriteNumberValue(id);
        writer.WriteEndArray();
    }

    static int ReadId(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int id) ? id : throw new JsonException();
}
