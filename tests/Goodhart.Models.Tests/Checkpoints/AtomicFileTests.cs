using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Tests.Checkpoints;

public sealed class AtomicFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_finished_write_replaces_the_file_and_leaves_no_other()
    {
        AtomicFile.WriteText(_folder["config.json"], "old");
        AtomicFile.WriteText(_folder["config.json"], "nëw");

        Assert.Equal("nëw"u8.ToArray(), File.ReadAllBytes(_folder["config.json"]));
        Assert.Equal(["config.json"], _folder.FileNames);
    }

    [Fact]
    public void An_interrupted_write_keeps_the_old_file_and_passes_the_error_on()
    {
        _folder.Write("model.safetensors", "old");

        IOException error = Assert.Throws<IOException>(() => AtomicFile.Write(_folder["model.safetensors"], FailHalfWay));

        Assert.Equal("No space left on device", error.Message);
        Assert.Equal("old", File.ReadAllText(_folder["model.safetensors"]));
        Assert.Equal(["model.safetensors"], _folder.FileNames);
    }

    [Fact]
    public void An_interrupted_first_write_leaves_nothing()
    {
        Assert.Throws<IOException>(() => AtomicFile.Write(_folder["model.safetensors"], FailHalfWay));

        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void What_a_killed_process_left_behind_does_not_stop_the_next_write()
    {
        _folder.Write("config.json.tmp", "half of something longer than the new content");

        AtomicFile.WriteText(_folder["config.json"], "new");

        Assert.Equal("new", File.ReadAllText(_folder["config.json"]));
        Assert.Equal(["config.json"], _folder.FileNames);
    }

    [Fact]
    public void A_second_writer_of_the_same_file_is_refused_and_does_not_harm_the_first()
    {
        string path = _folder["config.json"];

        AtomicFile.Write(path, stream =>
        {
            Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(path, "second"));
            stream.Write("first"u8);
        });

        Assert.Equal("first", File.ReadAllText(path));
    }

    [Fact]
    public void A_missing_folder_is_an_input_output_error()
    {
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(_folder["absent/config.json"], "text"));
    }

    [Fact]
    public void A_folder_of_the_final_name_is_left_alone()
    {
        Directory.CreateDirectory(_folder["config.json"]);

        Exception error = Assert.ThrowsAny<Exception>(() => AtomicFile.WriteText(_folder["config.json"], "text"));

        Assert.True(error is IOException or UnauthorizedAccessException, error.ToString());
        Assert.Equal(["config.json"], _folder.FileNames);
    }

    public void Dispose() => _folder.Dispose();

    static void FailHalfWay(Stream stream)
    {
        stream.Write(new byte[100_000]);
        throw new IOException("No space left on device");
    }
}
