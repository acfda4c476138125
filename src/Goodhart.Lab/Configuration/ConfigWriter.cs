using System.Collections;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Goodhart.Lab.Configuration;

/// <summary>A record to YAML: every key, defaults included, in the order of declaration.</summary>
static class ConfigWriter
{
    public static string Write(object config)
    {
        StringWriter text = new() { NewLine = "\n" };
        Emitter emitter = new(text, new EmitterSettings(2, int.MaxValue, false, 128));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        WriteValue(emitter, config);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    static void WriteValue(Emitter emitter, object? value)
    {
        switch (value)
        {
            case null:
                emitter.Emit(Plain("null"));
                break;
            case string text:
                emitter.Emit(new Scalar(null, null, text, StyleOf(text), true, true));
                break;
            case IEnumerable list:
                WriteList(emitter, list);
                break;
            case object scalar when ConfigScalar.Handles(scalar.GetType()):
                emitter.Emit(Plain(ConfigScalar.Format(scalar)));
                break;
            default:
                WriteRecord(emitter, value);
                break;
        }
    }

    static void WriteRecord(Emitter emitter, object record)
    {
        emitter.Emit(new MappingStart(null, null, true, MappingStyle.Block));
        HashSet<string> idle = record is IConditional conditional ? [.. conditional.WithoutEffect().Select(pair => pair.Key)] : [];
        foreach (ConfigKey key in ConfigKey.Of(record.GetType()).Where(key => !idle.Contains(key.Name)))
        {
            emitter.Emit(Plain(key.Name));
            WriteValue(emitter, key.Get(record));
        }

        emitter.Emit(new MappingEnd());
    }

    static void WriteList(Emitter emitter, IEnumerable list)
    {
        object?[] items = [.. list];
        bool isShort = items.All(item => item is not null && ConfigScalar.Handles(item.GetType()));
        emitter.Emit(new SequenceStart(null, null, true, isShort ? SequenceStyle.Flow : SequenceStyle.Block));
        foreach (object? item in items)
            WriteValue(emitter, item);
        emitter.Emit(new SequenceEnd());
    }

    /// <remarks>A text that any YAML reader would take for a number, a truth value or null is quoted.</remarks>
    static ScalarStyle StyleOf(string text)
    {
        ScalarNode plain = new("", text, IsPlain: true);
        bool looksTyped = plain.IsNull || double.TryParse(text, out _)
            || ConfigScalar.TryParse(plain, typeof(bool), out _);
        return looksTyped || text.Any(char.IsControl) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
    }

    static Scalar Plain(string text) => new(null, null, text, ScalarStyle.Plain, true, false);
}
