using System.Text;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.Files;

public sealed class TokenizerFilesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(AwkwardTexts.All), MemberType = typeof(AwkwardTexts))]
    public void A_saved_tokenizer_encodes_as_before(string text)
    {
        Trained.Tokenizer.Save(_folder.Path);
        var loaded = Tokenizer.Load(_folder.Path);

        Assert.Equal(Trained.Tokenizer.Encode(text), loaded.Encode(text));
        Assert.Equal(
            (Trained.Tokenizer.BosId, Trained.Tokenizer.EosId, Trained.Tokenizer.PadId, Trained.Tokenizer.UnknownId),
            (loaded.BosId, loaded.EosId, loaded.PadId, loaded.UnknownId));
    }

    [Fact]
    public void Files_that_were_read_are_saved_byte_for_byte_and_nothing_else()
    {
        byte[] json = Encoding.UTF8.GetBytes($"{new TinyJson()}\n");
        byte[] config = """{"eos_token": "c", "chat_template": "{{ messages }}"}"""u8.ToArray();
        _folder.Write("tokenizer.json", json);
        _folder.Write("tokenizer_config.json", config);
        string copy = Path.Combine(_folder.Path, "a", "copy");

        Tokenizer.Load(_folder.Path).Save(copy);

        Assert.Equal(json, File.ReadAllBytes(Path.Combine(copy, "tokenizer.json")));
        Assert.Equal(config, File.ReadAllBytes(Path.Combine(copy, "tokenizer_config.json")));
        Assert.Equal(2, Directory.GetFileSystemEntries(copy).Length);
    }

    [Fact]
    public void A_tokenizer_json_is_read_with_the_configuration_beside_it()
    {
        string path = _folder.Write("tokenizer.json", Encoding.UTF8.GetBytes($"{new TinyJson()}"));
        _folder.Write("tokenizer_config.json", """{"eos_token": "c"}"""u8.ToArray());

        Assert.Equal(2, Tokenizer.Load(path).EosId);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_told_what_is_looked_for()
    {
        var e = Assert.Throws<TokenizerException>(() => Tokenizer.Load(_folder.Path));
        Assert.StartsWith($"{_folder.Path}: should have tokenizer.json, tokenizer.model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        string file = _folder.Write("occupied", []);
        var e = Assert.Throws<TokenizerException>(() => Trained.Tokenizer.Save(file));
        Assert.StartsWith(file, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_save_leaves_no_half_written_file()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tokenizer.json"));

        Assert.Throws<TokenizerException>(() => Trained.Tokenizer.Save(_folder.Path));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
