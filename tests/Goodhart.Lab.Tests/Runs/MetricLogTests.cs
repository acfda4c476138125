namespace Goodhart.Lab.Runs;

public sealed class MetricLogTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_a_json_object_of_plain_numbers_and_texts()
    {
        string path = _folder.PathOf("offline", "metrics.jsonl");
        using (MetricLog log = MetricLog.Open(path))
        {
            log.Write(new() { ["step"] = 0, ["loss"] = 0.5, ["hacking/verdict"] = "not_enough_evidence" });
            log.Write(new() { ["step"] = 1, ["loss"] = double.NaN, ["grad_norm"] = double.PositiveInfinity });
        }

        Assert.Equal("""
            {"step":0,"loss":0.5,"hacking/verdict":"not_enough_evidence"}
            {"step":1,"loss":null,"grad_norm":null}

            """, File.ReadAllText(path));
    }

    [Fact]
    public void A_line_can_be_read_as_soon_as_it_is_written()
    {
        using MetricLog log = MetricLog.Open(_folder.PathOf("metrics.jsonl"));
        log.Write(new() { ["step"] = 3, ["loss"] = double.NaN, ["hacking/verdict"] = "hacking" });

        MetricLine line = Assert.Single(MetricLog.Read(_folder.PathOf("metrics.jsonl")));
        Assert.Equal(3, line.Number("step"));
        Assert.Null(line.Number("loss"));
        Assert.Null(line.Number("absent"));
        Assert.Equal("hacking", line.Text("hacking/verdict"));
    }

    [Fact]
    public void Opening_an_existing_log_adds_to_it()
    {
        for (int step = 0; step < 2; step++)
        {
            using MetricLog log = MetricLog.Open(_folder.PathOf("metrics.jsonl"));
            log.Write(new() { ["step"] = step });
        }

        Assert.Equal([0, 1], MetricLog.Read(_folder.PathOf("metrics.jsonl")).Select(line => line.Number("step")!.Value));
    }

    [Theory]
    [InlineData("{\"step\":1}\n{\"step\":2,\"lo")]
    [InlineData("{\"step\":1}\n{\"step\":2,\"loss\":0.")]
    [InlineData("{\"step\":1}\n2")]
    [InlineData("{\"step\":1}\n{\"step\":2,\"hacking/verdict\":\"\\ud800\"}")]
    [InlineData("{\"step\":1}\n\n")]
    public void A_last_line_cut_by_a_killed_process_is_left_out(string text) =>
        Assert.Equal(1, Assert.Single(MetricLog.Read(_folder.Write("metrics.jsonl", text))).Number("step"));

    [Fact]
    public void A_broken_line_in_the_middle_is_named()
    {
        string path = _folder.Write("metrics.jsonl", "{\"step\":1}\nstep 2\n{\"step\":3}\n");
        RunFolderException e = Assert.Throws<RunFolderException>(() => MetricLog.Read(path));
        Assert.StartsWith($"{path}:2: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_log_is_named() => Assert.Contains("absent.jsonl",
        Assert.Throws<RunFolderException>(() => MetricLog.Read(_folder.PathOf("absent.jsonl"))).Message, StringComparison.Ordinal);
}
