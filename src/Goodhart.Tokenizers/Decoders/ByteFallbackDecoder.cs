using System.Text;
using System.Text.Unicode;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Reads runs of byte tokens as UTF-8; a run that is none becomes one U+FFFD for each byte.</summary>
sealed class ByteFallbackDecoder : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        List<string> texts = [];
        List<byte> run = [];
        foreach (string token in tokens)
        {
            if (ByteToken.TryParse(token, out byte value))
            {
                run.Add(value);
                continue;
            }

            EndRun(run, texts);
            texts.Add(token);
        }

        EndRun(run, texts);
        return texts;
    }

    static void EndRun(List<byte> run, List<string> texts)
    {
        if (run.Count == 0)
            return;

        byte[] bytes = [.. run];
        run.Clear();
        texts.Add(Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : new string('\uFFFD', bytes.Length));
    }
}
