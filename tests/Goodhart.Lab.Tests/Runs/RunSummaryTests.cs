using System.Text.Json;

namespace Goodhart.Lab.Runs;

public sealed class RunSummaryTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_has_exactly_the_agreed_names()
    {
        RunSummary summary = SampleRun.Summary();
        JsonElement json = JsonDocument.Parse(summary.ToJson()).RootElement;

        Assert.Equal("goodhart started seconds seed metric machine oracle teacher student arms", Names(json));
        Assert.Equal("cpu cores threads os runtime simd peak_memory_mb", Names(json.GetProperty("machine")));
        Assert.Equal("parameters hidden_size layers vocab_size golden_forward_kl source", Names(json.GetProperty("teacher")));

        JsonElement arm = json.GetProperty("arms")[0];
        Assert.Equal("arm source mode verdict verdict_sentence golden_forward_kl proxy_forward_kl onset_step law seed steps "
            + "tokens seconds best_checkpoint last_checkpoint ledger finished", Names(arm));
        Assert.Equal("first min min_step last rise", Names(arm.GetProperty("golden_forward_kl")));
        Assert.Equal("amplitude exponent offset first_step last_step", Names(arm.GetProperty("law")));
        Assert.Equal("unique_prompts unique_completions reuse fresh_fraction", Names(arm.GetProperty("ledger")));
    }

    [Fact]
    public void A_summary_is_read_back_equal()
    {
        RunSummary summary = SampleRun.Summary();
        _folder.Write("summary.json", summary.ToJson());

        RunSummary read = RunSummary.Read(_folder.Path);

        Assert.Equal(summary.Arms, read.Arms);
        Assert.Equal(summary with { Arms = read.Arms }, read);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_null_in_the_file_and_nan_in_memory()
    {
        RunSummary summary = SampleRun.Summary() with { Seconds = double.NaN };
        Assert.Contains("\"seconds\": null", summary.ToJson(), StringComparison.Ordinal);
        _folder.Write("summary.json", summary.ToJson());
        Assert.True(double.IsNaN(RunSummary.Read(_folder.Path).Seconds));
    }

    [Theory]
    [InlineData(null, "no such file")]
    [InlineData("{\"arms\": [", "cannot be read as the summary of a run")]
    [InlineData("{}", "cannot be read as the summary of a run")]
    [InlineData("null", "holds null")]
    [InlineData("{\"arms\": null}", "cannot be read as the summary of a run")]
    public void A_missing_or_broken_summary_is_named(string? text, string expected)
    {
        if (text is not null)
            _folder.Write("summary.json", text);

        string message = Assert.Throws<RunFolderException>(() => RunSummary.Read(_folder.Path)).Message;
        Assert.StartsWith(_folder.PathOf("summary.json"), message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rise_is_the_end_above_the_minimum_as_a_fraction()
    {
        CurveSummary curve = CurveSummary.Of([(0, 1.5), (10, 1.0), (20, double.NaN), (30, 1.25)])!;
        Assert.Equal(new CurveSummary { First = 1.5, Min = 1, MinStep = 10, Last = 1.25, Rise = 0.25 }, curve);
        Assert.Null(CurveSummary.Of([(0, double.NaN)]));
    }

    static string Names(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(property => property.Name));
}
