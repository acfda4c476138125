using System.Text;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Reads tokens in the <see cref="ByteAlphabet"/>; bytes that are no UTF-8 become U+FFFD.</summary>
sealed class ByteLevelDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        List<byte> utf8 = [];
        foreach (string token in tokens)
            AddBytes(token, utf8);
        return [Encoding.UTF8.GetString([.. utf8])];
    }

    static void AddBytes(string token, List<byte> utf8)
    {
        int before = utf8.Count;
        foreach (char c in token)
        {
            if (ByteAlphabet.TryToByte(c, out byte value))
            {
                utf8.Add(value);
                continue;
            }

            // An added token that is plain text.
            utf8.RemoveRange(before, utf8.Count - before);
            utf8.AddRange(Encoding.UTF8.GetBytes(token));
            return;
        }
    }
}
