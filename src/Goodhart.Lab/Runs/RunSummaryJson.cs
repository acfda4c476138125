using System.Text.Json;
using System.Text.Json.Serialization;

namespace Goodhart.Lab.Runs;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(RunSummary))]
sealed partial class RunSummaryJson : JsonSerializerContext;

/// <summary>JSON has no NaN: a number that is not finite is null in the file and NaN in memory.</summary>
sealed class FiniteOrNull : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
