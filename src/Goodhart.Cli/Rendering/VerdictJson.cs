using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Goodhart.Cli.Commands;
using Goodhart.Detection.Laws;
using Goodhart.Detection.Verdicts;

namespace Goodhart.Cli.Rendering;

/// <summary>Verdicts for programs, under the names of summary.json; numbers that are not finite are null.</summary>
static class VerdictJson
{
    /// <summary>An array, one object for each log.</summary>
    public static string Of(IReadOnlyList<JudgedLog> logs)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (JudgedLog log in logs)
                Write(json, log);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static void Write(Utf8JsonWriter json, JudgedLog log)
    {
        Verdict verdict = log.Verdict;
        json.WriteStartObject();
        json.WriteString("log", log.Path);
        json.WriteString("verdict", NameOf(verdict.Kind));
        json.WriteString("verdict_sentence", verdict.Sentence);
        json.WriteBoolean("oracle_free", verdict.OracleFree);
        json.WriteBoolean("weak_form", verdict.IsWeakForm);
        Write(json, "onset_step", verdict.OnsetStep);
        json.WriteNumber("points", log.Curve.Points.Count);
        Write(json, "golden", verdict.Golden);
        Write(json, "proxy", verdict.Proxy);
        Write(json, verdict);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, SeriesSummary? series)
    {
        if (series is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Write(json, "first", series.First);
        Write(json, "min", series.Min);
        Write(json, "min_step", series.MinStep);
        Write(json, "last", series.Last);
        Write(json, "rise", series.Rise);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        if (verdict.Law is not PowerLaw law)
        {
            json.WriteNull("law");
            return;
        }

        json.WriteStartObject("law");
        Write(json, "amplitude", law.Amplitude);
        Write(json, "exponent", law.Exponent);
        Write(json, "offset", law.Offset);
        Write(json, "first_step", verdict.LawFirstStep);
        Write(json, "last_step", verdict.LawLastStep);
        Write(json, "residual_sigma", verdict.LawResidualSigma);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is double value && double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    /// <summary>As summary.json spells it.</summary>
    public static string NameOf(VerdictKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
