using System.Buffers;
using System.Text;

namespace Goodhart.Distillation.Data.Files;

/// <summary>A line of a file and where it begins.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Offset">Of its first byte.</param>
/// <param name="Text">Without the line break.</param>
readonly record struct FileLine(int Number, long Offset, string Text);

/// <summary>UTF-8 text, a line at a time: what is in memory is one line, however long the file.</summary>
static class LineFile
{
    const int LongestLine = 64 << 20;
    const int Block = 1 << 16;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All lines that are not blank.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where to begin.</param>
    /// <exception cref="CorpusException">The file cannot be read, a line is not UTF-8 or too long; the message names it.</exception>
    public static IEnumerable<FileLine> Read(string path, long offset = 0)
    {
        using FileStream file = Open(path);
        file.Seek(offset, SeekOrigin.Begin);
        byte[] block = new byte[Block];
        ArrayBufferWriter<byte> line = new();
        long begin = offset;
        int number = 1;
        for (int count = Fill(path, file, block); count > 0; count = Fill(path, file, block))
        {
            for (int at = 0; at < count;)
            {
                int end = Array.IndexOf(block, (byte)'\n', at, count - at);
                line.Write(block.AsSpan(at, (end < 0 ? count : end) - at));
                if (line.WrittenCount > LongestLine)
                    throw new CorpusException($"{path}:{number}: a line should have at most {LongestLine} bytes. Write one object a line.");
                if (end < 0)
                    break;
                if (TextOf(path, number, begin, line) is string text)
                    yield return new FileLine(number, begin, text);
                begin += line.WrittenCount + 1;
                number++;
                line.ResetWrittenCount();
                at = end + 1;
            }
        }

        if (TextOf(path, number, begin, line) is string last)
            yield return new FileLine(number, begin, last);
    }

    static string? TextOf(string path, int number, long offset, ArrayBufferWriter<byte> line)
    {
        try
        {
            string text = Strict.GetString(line.WrittenSpan);
            text = offset == 0 ? text.TrimStart('\uFEFF') : text;
            return string.IsNullOrWhiteSpace(text) ? null : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new CorpusException($"{path}:{number}: is not UTF-8; the first bad byte is at offset {offset + e.Index}. Convert the file, say with iconv.", e);
        }
    }

    static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException($"{path}: cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    static int Fill(string path, FileStream file, byte[] block)
    {
        try
        {
            return file.Read(block);
        }
        catch (IOException e)
        {
            throw new CorpusException($"{path}: cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }
}
