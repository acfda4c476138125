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

    /// <summary>
    /// The bytes of a text, and for each end of a stretch, in order, where it is among them: <paramref name="ends"/> are
    /// indices into the text, and become indices into the result.
    /// </summary>
    public static char[] Spell(ReadOnlySpan<char> text, Span<int> ends)
    {
        var spelled = new char[Encoding.UTF8.GetByteCount(text)];
        Span<byte> utf8 = stackalloc byte[4];
        int written = 0, next = 0;
        for (int at = 0; at < text.Length;)
        {
            while (next < ends.Length && ends[next] == at)
                ends[next++] = written;

            char c = text[at];
            if (c < 0x80)
            {
                spelled[written++] = CharOfByte[c];
                at++;
                continue;
            }

            int length = char.IsHighSurrogate(c) ? 2 : 1;
            foreach (byte b in utf8[..Encoding.UTF8.GetBytes(text.Slice(at, length), utf8)])
                spelled[written++] = CharOfByte[b];
            at += length;
        }

        ends[next..].Fill(written);
        return spelled;
    }

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
