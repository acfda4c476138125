using System.Text.Json;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Cli.Commands;

public sealed class DistillTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _student, _teacher, _data;

    public DistillTests()
    {
        (_student, _teacher) = (TinyModel.Write(_folder, "student"), TinyModel.Write(_folder, "teacher", seed: 1));
        _data = _folder.Write("data.jsonl", string.Concat(Enumerable.Range(0, 24).Select(i =>
            $$"""{"prompt":"once a girl {{i}}","completion":" said hello"}""" + "\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dataset", "offline")]
    [InlineData("teacher", "offline")]
    [InlineData("teacher", "online")]
    [InlineData("student", "online")]
    [InlineData("mixed", "offline")]
    [InlineData("mixed", "online")]
    public void A_run_leaves_settings_metrics_verdict_report_and_a_model_that_can_be_used(string source, string mode)
    {
        string output = _folder.PathOf("run");
        CommandRun run = Distill(output, $"data.source={source}", "--data.mode", mode);

        Assert.True(run.ExitCode is ExitCode.Done or ExitCode.Verdict, run.Error);
        Assert.Contains("self-test: passed: a student that is the teacher has loss 0", run.Error);
        Assert.Contains("predicted: ", run.Error);
        string[] lines = File.ReadAllLines(Path.Combine(output, "metrics.jsonl"));
        JsonElement last = JsonDocument.Parse(lines[^1]).RootElement;
        Assert.All(["proxy/forward_kl_per_token", "proxy/reverse_kl_per_token_stderr", "proxy/jsd_per_sequence", "loss", "hacking/verdict", "data/reuse"],
            name => Assert.True(last.TryGetProperty(name, out _), name));
        Assert.DoesNotContain("golden", lines[^1]);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(Path.Combine(output, "report.html")));
        string model = Path.Combine(output, "model");
        Assert.Equal(ExitCode.Done, CommandRun.Of("generate", "--model", model, "--prompt", "once", "--max-new-tokens", "3").ExitCode);
        Assert.NotEqual(WeightsOf(_student), WeightsOf(model));
    }

    [Fact]
    public void The_resolved_settings_give_the_same_student_again()
    {
        string first = _folder.PathOf("first"), second = _folder.PathOf("second");
        Distill(first, "data.source=mixed", "data.mode=online", "loss=jsd", "beta=0.3");
        CommandRun again = CommandRun.Of("distill", "--config", Path.Combine(first, "config.yaml"), "--output", second);

        Assert.True(again.ExitCode is ExitCode.Done or ExitCode.Verdict, again.Error);
        Assert.Equal(WeightsOf(Path.Combine(first, "model")), WeightsOf(Path.Combine(second, "model")));
    }

    [Fact]
    public void Distillation_brings_the_student_nearer_and_an_oracle_is_measured_too()
    {
        string output = _folder.PathOf("run");
        Distill(output, $"oracle_model_name_or_path={_teacher}", "data.source=teacher", "data.mode=online", "max_steps=60", "learning_rate=0.02", "warmup_steps=0");

        double[] golden = [.. File.ReadAllLines(Path.Combine(output, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("golden/forward_kl_per_token", out _)).Select(line => line.GetProperty("golden/forward_kl_per_token").GetDouble())];
        Assert.True(golden[^1] < 0.7 * golden[0], $"from {golden[0]} to {golden[^1]}");
    }

    [Fact]
    public void Another_tokenizer_fails_the_self_test_with_exit_code_3_and_nothing_is_written()
    {
        BpeTrainer.Train(["entirely other words, zebra quartz"], new BpeTrainerOptions { VocabularySize = Tokenizer.Load(_student).VocabularySize }).Save(_teacher);
        string output = _folder.PathOf("run");

        CommandRun run = Distill(output);

        Assert.Equal(ExitCode.Verdict, run.ExitCode);
        Assert.Contains("goodhart: self-test: both tokenizers agree: ", run.Error);
        Assert.False(Directory.Exists(output));
    }

    [Theory]
    [InlineData("los=jsd", "unknown key 'los'. Did you mean 'loss'?")]
    [InlineData("beta=0.3", "'beta' has no effect: loss is not jsd. Remove the key.")]
    [InlineData("data.student_fraction=0.3", "'data.student_fraction' has no effect: source is not mixed. Remove the key.")]
    [InlineData("data.mode=online", "data.mode: should be offline where source is dataset, got online")]
    [InlineData("temperature=2", "'temperature' means sampling in some trainers and the loss in others. Write sampling_temperature or loss_temperature.")]
    [InlineData("max_length=100", "max_length: should be at most the context of ")]
    [InlineData("data.held_out_prompts=24", "has 24 different prompts, and 24 are to be held out.")]
    public void A_setting_that_cannot_be_used_is_refused_by_distill_and_by_validate(string setting, string expected)
    {
        Assert.Contains(expected, Distill(_folder.PathOf("run"), setting).Refused()[0]);
        Assert.Contains(expected, CommandRun.Of([.. Settings("validate"), setting]).Error);
    }

    [Fact]
    public void The_words_of_other_trainers_are_understood()
    {
        CommandRun run = CommandRun.Of([.. Settings("validate"), "data.source=mixed", "data.mode=online", "lmbda=0.25", "--num_generations", "3", "loss=rkl"]);

        Assert.Contains("student_fraction: 0.25", run.Out);
        Assert.Contains("completions_per_prompt: 3", run.Out);
        Assert.Contains("loss: reverse_kl", run.Out);
        Assert.Contains("given at", CommandRun.Of([.. Settings("validate"), "loss=jsd", "beta=0.2", "kd_beta=0.3"]).Error);
    }

    static byte[] WeightsOf(string directory) => File.ReadAllBytes(Path.Combine(directory, "model.safetensors"));

    string[] Settings(string verb) =>
    [
        verb, $"model_name_or_path={_student}", $"teacher_model_name_or_path={_teacher}", $"dataset_path={_data}", "max_length=40", "max_completion_length=6",
        "data.held_out_prompts=6", "max_steps=8", "per_device_train_batch_size=4", "evaluation.points=4", "evaluation.student_samples=4",
    ];

    CommandRun Distill(string output, params string[] more) => CommandRun.Of([.. Settings("distill"), "--output", output, .. more]);
}
