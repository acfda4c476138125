using System.Text;
using Goodhart.Distillation.Data;

namespace Goodhart.Distillation.Tests.Data;

public sealed class TextCorpusTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_text_file_is_cut_where_a_document_ends() => Assert.Equal(
        ["One day.", "Ein süßer\nTag."], Read("a.txt", "One day.\n<|endoftext|>\nEin süßer\nTag.\n<|endoftext|>\n \n"));

    [Fact]
    public void A_text_file_without_ends_is_one_document() => Assert.Equal(["a\n\nb"], Read("a.md", "a\n\nb\n"));

    [Fact]
    public void A_json_line_is_a_document() => Assert.Equal(
        ["x y", "2 + 2 = 4"], Read("a.jsonl", "{\"text\":\"x y\",\"id\":7}\r\n\n{\"prompt\":\"2 + 2 = \",\"completion\":\"4\"}\n{\"text\":\" \"}\n"));

    [Theory]
    [InlineData("a.txt", "x")]
    [InlineData("a.jsonl", "{\"text\":\"x\"}")]
    public void A_byte_order_mark_is_not_text(string name, string content) => Assert.Equal(["x"], Read(name, "\uFEFF" + content));

    [Fact]
    public void Files_follow_each_other() => Assert.Equal(
        ["a", "b", "c"], TextCorpus.Read([Write("1.txt", "a<|endoftext|>b"), Write("2.jsonl", "{\"text\":\"c\"}")]));

    [Theory]
    [InlineData("[1]", "should be an object with a string 'text', or with strings 'prompt' and 'completion'")]
    [InlineData("{\"text\":5}", "should be an object with a string 'text'")]
    [InlineData("{\"prompt\":\"x\"}", "should be an object with a string 'text'")]
    [InlineData("{\"text\":\"x\"", "is not JSON")]
    [InlineData("{\"text\":\"\\ud800\"}", "low surrogate")]
    public void A_bad_json_line_is_named_with_its_number(string line, string problem)
    {
        string path = Write("a.jsonl", "{\"text\":\"fine\"}\n\n" + line + "\n{\"text\":\"fine\"}");

        CorpusException error = Assert.Throws<CorpusException>(() => TextCorpus.Read([path]));

        Assert.StartsWith($"{path}:3: ", error.Message);
        Assert.Contains(problem, error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void A_file_that_is_not_utf8_is_named_with_the_byte(int at)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)'a', at), 0xFF, (byte)'b'];
        string path = _folder.Write("latin1.txt", bytes);

        CorpusException error = Assert.Throws<CorpusException>(() => TextCorpus.Read([path]));

        Assert.StartsWith($"{path}: is not UTF-8; the first bad byte is at offset {at}.", error.Message);
    }

    [Fact]
    public void A_character_cut_off_at_the_end_is_not_utf8()
    {
        string path = _folder.Write("cut.txt", [(byte)'a', (byte)'b', 0xE2, 0x82]);

        Assert.Contains("offset 2", Assert.Throws<CorpusException>(() => TextCorpus.Read([path])).Message);
    }

    [Theory]
    [InlineData("empty.txt", "")]
    [InlineData("blank.txt", " \n<|endoftext|>\n")]
    [InlineData("blank.jsonl", "\n{\"text\":\"\"}\n")]
    public void A_file_without_text_is_named_even_beside_others(string name, string content)
    {
        string path = Write(name, content);

        CorpusException error = Assert.Throws<CorpusException>(() => TextCorpus.Read([Write("full.txt", "x"), path]));

        Assert.StartsWith($"{path}: holds no text", error.Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        string missing = Path.Combine(_folder.Path, "missing.txt");

        Assert.StartsWith($"{missing}: cannot be read", Assert.Throws<CorpusException>(() => TextCorpus.Read([missing])).Message);
        Assert.StartsWith($"{_folder.Path}: cannot be read", Assert.Throws<CorpusException>(() => TextCorpus.Read([_folder.Path])).Message);
    }

    public void Dispose() => _folder.Dispose();

    string Write(string name, string content) => _folder.Write(name, Encoding.UTF8.GetBytes(content));

    IReadOnlyList<string> Read(string name, string content) => TextCorpus.Read([Write(name, content)]);
}
