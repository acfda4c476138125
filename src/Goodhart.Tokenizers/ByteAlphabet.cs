using System.Collections.Frozen;
using System.Text;

namespace Goodhart.Tokenizers;

/// <summary>GPT-2's way of writing any byte as one printable character.</summary>
/// <remarks>
/// Printable Latin-1 bytes stand for themselves; the 68 others take the characters from U+0100 on, in order,
/// so a space is U+0120.
/// </remarks>
static class ByteAlphabet
{
    static readonly char[] CharOfByte = BuildCharOfByte();
    static readonly FrozenDictionary<char, byte> ByteOfChar =
        Enumerable.Range(0, 256).ToFrozenDictionary(b => CharOfByte[b], b => (byte)b);

    /// <summary>One letter for each byte, in the order of GPT-2's vocabulary.</summary>
    public static IReadOnlyList<string> Letters { get; } = [.. CharOfByte.Order().Select(c => $"{c}")];

    public static bool TryToByte(char c, out byte value) => ByteOfChar.TryGetValue(c, out value);

    /// <summary>The UTF-8 bytes of a text, one character each.</summary>
    public static string Spell(string text) => Spell(Encoding.UTF8.GetBytes(text));

    public static string Spell(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (spelled, from) =>
    {
        for (int i = 0; i < from.Length; i++)
            spelled[i] = CharOfByte[from[i]];
    });

    /// <summary>The bytes of a text in this alphabet.</summary>
    public static byte[] BytesOf(string spelled) => [.. spelled.Select(c => ByteOfChar[c])];

    static char[] BuildCharOfByte()
    {
        var chars = new char[256];
        char next = '\u0100';
        for (int b = 0; b < 256; b++)
        {
            bool isPrintable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            chars[b] = isPrintable ? (char)b : next++;
        }

        return chars;
    }
}
