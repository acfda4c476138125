using System.Globalization;
using System.Text;

namespace Goodhart.Tokenizers.Normalizers.Unicode;

/// <summary>How characters decompose and compose: our own tables, since without globalization .NET has none.</summary>
static class CharacterData
{
    static readonly Dictionary<int, (Rune[] Parts, bool IsCompatible)> Decompositions = [];
    static readonly Dictionary<(Rune, Rune), Rune> Compositions = [];
    static readonly Dictionary<int, int> CombiningClasses = [];

    static CharacterData()
    {
        foreach (string[] line in Lines("Decompositions.txt"))
        {
            Rune[] parts = [.. line[2..].Select(part => new Rune(Hex(part)))];
            Decompositions.Add(Hex(line[0]), (parts, line[1] == "~"));
            if (line[1] == "=")
                Compositions.Add((parts[0], parts[1]), new Rune(Hex(line[0])));
        }

        foreach (string[] line in Lines("CombiningClasses.txt"))
        {
            foreach (string range in line[1..])
            {
                string[] ends = range.Split('-');
                for (int c = Hex(ends[0]); c <= Hex(ends[^1]); c++)
                    CombiningClasses.Add(c, int.Parse(line[0], CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The canonical combining class: 0 for a character that begins a new sequence.</summary>
    public static int CombiningClass(Rune rune) => CombiningClasses.GetValueOrDefault(rune.Value);

    /// <summary>What a character decomposes to in one step; null where to nothing but itself.</summary>
    public static Rune[]? DecompositionOf(Rune rune, bool compatible) =>
        Decompositions.TryGetValue(rune.Value, out (Rune[] Parts, bool IsCompatible) found) && (compatible || !found.IsCompatible)
            ? found.Parts
            : null;

    /// <summary>The one character that two compose to; null where there is none.</summary>
    public static Rune? CompositionOf(Rune first, Rune second) =>
        Compositions.TryGetValue((first, second), out Rune composed) ? composed : null;

    static IEnumerable<string[]> Lines(string name)
    {
        using StreamReader reader = new(typeof(CharacterData).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is string line)
        {
            if (!line.StartsWith('#'))
                yield return line.Split(' ');
        }
    }

    static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
