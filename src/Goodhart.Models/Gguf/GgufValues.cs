namespace Goodhart.Models.Gguf;

/// <summary>Writes metadata values with the format's numbers for their types.</summary>
static class GgufValues
{
    const uint List = 9;

    public static void Write(BinaryWriter writer, string key, object value)
    {
        if (value is not System.Collections.IEnumerable list || value is string)
        {
            writer.Write(TypeOf(key, value));
            WriteOne(writer, value);
            return;
        }

        object[] values = [.. list.Cast<object>()];
        uint type = values.Length == 0 ? 8 : TypeOf(key, values[0]);
        writer.Write(List);
        writer.Write(type);
        writer.Write((ulong)values.Length);
        foreach (object element in values)
        {
            if (TypeOf(key, element) != type)
                throw new ArgumentException($"GgufWriter: '{key}' should hold values of one type, got {values[0].GetType().Name} and {element.GetType().Name}.");
            WriteOne(writer, element);
        }
    }

    static uint TypeOf(string key, object value) => value switch
    {
        uint => 4,
        int => 5,
        float => 6,
        bool => 7,
        string => 8,
        long => 11,
        double => 12,
        _ => throw new ArgumentException($"GgufWriter: '{key}' should be a number, a flag, a text or a list of one of these, got {value.GetType().Name}."),
    };

    static void WriteOne(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number:
                writer.Write(number);
                break;
            case int number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case string text:
                GgufWriter.Write(writer, text);
                break;
            case long number:
                writer.Write(number);
                break;
            default:
                writer.Write((double)value);
                break;
        }
    }
}
