using System.Text.Json.Nodes;
using Goodhart.Distillation.Checkpoints;
using Goodhart.Distillation.Data;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Distillation.Tests.Checkpoints;

public sealed class CheckpointSeriesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Workers _workers = new(1);
    readonly LlamaModel _student = Tiny.Model(1);
    readonly OfflineSource _source = Tiny.Source(Tiny.Examples(4));
    readonly AdamW _optimizer;

    public CheckpointSeriesTests() => _optimizer = Tiny.Options(100).Optimizer(_student.Parameters, _workers);

    [Theory]
    [InlineData(null, false, "10 20 30 40 50")]
    [InlineData(1, false, "20 50")]
    [InlineData(2, false, "20 50")]
    [InlineData(3, false, "20 40 50")]
    [InlineData(1, true, "40 50")]
    public void The_best_and_the_last_are_kept_and_the_newest_of_the_others(int? limit, bool greaterIsBetter, string kept)
    {
        CheckpointSeries series = Series(limit, "golden", greaterIsBetter);

        Save(series, (10, 3), (20, 1), (30, 2), (40, 4), (50, double.NaN));

        Assert.Equal(kept, string.Join(' ', Steps().Reverse()));
        Assert.Equal(Path.Combine(_folder.Path, greaterIsBetter ? "checkpoint-40" : "checkpoint-20"), series.Best);
        Assert.Equal(Path.Combine(_folder.Path, "checkpoint-50"), series.Last);
    }

    [Fact]
    public void Without_a_metric_none_is_the_best()
    {
        CheckpointSeries series = Series(limit: 1, metric: null);

        Save(series, (10, 1), (20, 2));

        Assert.Null(series.Best);
        Assert.Equal([20], Steps());
    }

    [Fact]
    public void A_metric_that_is_not_measured_names_those_that_are() => Assert.Contains(
        "'gold' is not measured. It may be step, golden.", Assert.Throws<ArgumentException>(() => Save(Series(1, "gold"), (10, 1))).Message);

    [Fact]
    public void The_best_outlives_the_process()
    {
        Save(Series(1, "golden"), (10, 1), (20, 2));
        CheckpointSeries series = Series(1, "golden");
        series.Resume(_student, _optimizer, _source);

        Save(series, (30, 1.5));

        Assert.Equal(Path.Combine(_folder.Path, "checkpoint-10"), series.Best);
        Assert.Equal([30, 10], Steps());
    }

    [Fact]
    public void The_trainers_state_has_the_names_of_hugging_face()
    {
        Save(Series(null, "golden"), (10, 0.5));

        JsonObject state = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "checkpoint-10", "trainer_state.json")))!.AsObject();
        Assert.Equal(10, (int)state["global_step"]!);
        Assert.Equal(100, (int)state["max_steps"]!);
        Assert.Equal(0.5, (double)state["best_metric"]!);
        Assert.Equal("checkpoint-10", (string)state["best_model_checkpoint"]!);
        Assert.Equal(0.5, (double)state["log_history"]![0]!["golden"]!);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("data_state.json")]
    [InlineData("trainer_state.json")]
    public void A_changed_or_missing_file_is_refused_with_the_newest_whole_checkpoint(string file)
    {
        Save(Series(), (9, 1), (10, 1), (20, 1));
        string path = Path.Combine(_folder.Path, "checkpoint-20", file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);

        string changed = Refused();
        File.Delete(path);
        string missing = Refused();

        Assert.Contains($"checkpoint-20: is broken, '{file}' is not as it was written.", changed);
        Assert.Contains($"'{file}' is missing", missing);
        Assert.All([changed, missing], message => Assert.Contains(Path.Combine(_folder.Path, "checkpoint-10") + ": remove those after it", message));
    }

    [Fact]
    public void A_folder_that_was_not_written_to_its_end_is_refused()
    {
        Save(Series(), (10, 1));
        File.Delete(Path.Combine(_folder.Path, "checkpoint-10", "SHA256SUMS"));

        Assert.Contains("has no SHA256SUMS, which is written last. No other checkpoint is whole: start again.", Refused());
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_not_taken_for_a_checkpoint()
    {
        Save(Series(), (10, 1));
        _folder.Write(Directory.CreateDirectory(Path.Combine(_folder.Path, "checkpoint-20.tmp")).Name + "/model.safetensors", [1]);

        Assert.Equal(10, Series().Resume(_student, _optimizer, _source)!.GlobalStep);
        Save(Series(), (20, 1));

        Assert.Equal(["checkpoint-10", "checkpoint-20"], Directory.EnumerateDirectories(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_and_changes_nothing()
    {
        Save(Series(), (10, 1));
        LlamaModel other = Tiny.Model(3, Tiny.Config with { NumHiddenLayers = 1 });
        float[] before = Tiny.WeightsOf(other);

        CheckpointException error = Assert.Throws<CheckpointException>(
            () => Series().Resume(other, Tiny.Options(1).Optimizer(other.Parameters, _workers), _source));

        Assert.Contains("is of another model", error.Message);
        Assert.Equal(before, Tiny.WeightsOf(other));
    }

    [Fact]
    public void A_checkpoint_is_replaced_as_a_whole()
    {
        Save(Series(), (10, 1));
        _student.Parameters.Values[0] = 42;
        Save(Series(), (10, 1));
        _student.Parameters.Values[0] = 0;

        Series().Resume(_student, _optimizer, _source);

        Assert.Equal(42, _student.Parameters.Values[0]);
    }

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Dispose();
    }

    CheckpointSeries Series(int? limit = null, string? metric = null, bool greaterIsBetter = false) =>
        new(_folder.Path, new() { SaveTotalLimit = limit, MetricForBestModel = metric, GreaterIsBetter = greaterIsBetter });

    void Save(CheckpointSeries series, params (int Step, double Metric)[] evaluations)
    {
        foreach ((int step, double metric) in evaluations)
        {
            _optimizer.Steps = step;
            JsonObject line = new() { ["step"] = step, ["golden"] = double.IsNaN(metric) ? null : metric };
            series.Save(_optimizer, _source, 100, [line], directory => ModelDirectory.Save(_student, directory));
        }
    }

    string Refused() => Assert.Throws<CheckpointException>(() => Series().Resume(_student, _optimizer, _source)).Message;

    IEnumerable<int> Steps() => CheckpointSeries.In(_folder.Path).Select(path => int.Parse(Path.GetFileName(path)["checkpoint-".Length..]));
}
