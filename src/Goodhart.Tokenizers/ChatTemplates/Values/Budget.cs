namespace Goodhart.Tokenizers.ChatTemplates.Values;

/// <summary>What one rendering may cost, on the thread that does it, so that every template comes to an end.</summary>
/// <remarks>A character that is made costs 1, a step or an item of a list 16. A long conversation costs about a million.</remarks>
static class Budget
{
    public const long Step = 16;
    const long Total = 1 << 27;

    [ThreadStatic]
    static long _left;

    public static void Start() => _left = Total;

    public static void Charge(long cost)
    {
        if (cost > _left)
            throw new Fault($"the template takes too long: over {Total / Step} steps or {Total} characters.");
        _left -= cost;
    }

    /// <summary>Charges for looking for one text in another, which takes the product of their lengths at worst.</summary>
    public static void ChargeSearch(string text, string part) => Charge(text.Length + ((long)text.Length * part.Length / 64));

    /// <summary>Charges for a text and hands it on.</summary>
    public static string Charged(string text)
    {
        Charge(text.Length);
        return text;
    }

    /// <summary>Joins texts, charged for before it is done.</summary>
    public static string Joined(string separator, IReadOnlyCollection<string> texts)
    {
        Charge(texts.Sum(text => (long)text.Length + separator.Length));
        return string.Join(separator, texts);
    }

    /// <summary>Charges for a list and hands it on.</summary>
    public static List<object?> Charged(List<object?> items)
    {
        Charge(Step * items.Count);
        return items;
    }
}
