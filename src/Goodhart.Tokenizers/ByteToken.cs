using System.Globalization;
using System.Text;

namespace Goodhart.Tokenizers;

/// <summary>SentencePiece's tokens for single bytes, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
static class ByteToken
{
    public static string Of(byte value) => $"<0x{value:X2}>";

    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(
            token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The ids of all 256, -1 for those that are no tokens.</summary>
    public static int[] Ids(IReadOnlyDictionary<string, int> tokens) =>
        [.. Enumerable.Range(0, 256).Select(b => tokens.TryGetValue(Of((byte)b), out int id) ? id : -1)];

    /// <summary>Appends the ids of the bytes of one character, or nothing and false where one of them has none.</summary>
    public static bool Spell(ReadOnlySpan<char> character, int[] byteIds, List<int> ids)
    {
        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..Encoding.UTF8.GetBytes(character, utf8)];
        foreach (byte b in utf8)
        {
            if (byteIds[b] < 0)
                return false;
        }

        foreach (byte b in utf8)
            ids.Add(byteIds[b]);
        return true;
    }
}
