using Goodhart.Distillation.Losses;
using Goodhart.Engine.Optimizers;
using Goodhart.Lab.Experiments;

namespace Goodhart.Lab.Configuration;

public sealed class ExperimentConfigTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_defaults_and_the_tiny_experiment_are_valid()
    {
        Assert.Empty(new ExperimentConfig().Validate());
        ConfigFile.Load<ExperimentConfig>(_folder.Write("tiny.yaml", ConfigFile.ToYaml(TinyExperiment.Config)), []);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        ExperimentConfig config = TinyExperiment.Config with
        {
            Seed = 1L << 40,
            OracleModelNameOrPath = "a folder: with 'signs'",
            Loss = new() { Kind = LossKind.Jsd, Beta = 0.1, LossTemperature = 1.5 },
            Distillation = new() { MaxSteps = 7, LearningRate = 1.25e-7, LrSchedulerType = ScheduleKind.WarmupStableDecay, MaxGradNorm = 0 },
            Arms = ["online-oracle", "offline"],
        };
        string yaml = ConfigFile.ToYaml(config);

        ExperimentConfig read = ConfigFile.Load<ExperimentConfig>(_folder.Write("run.yaml", yaml), []);

        Assert.Equal(yaml, ConfigFile.ToYaml(read));
        Assert.Equal(config.Arms, read.Arms);
        Assert.Equal(config, read with { Arms = config.Arms });
    }

    [Fact]
    public void A_section_written_in_part_keeps_the_defaults_of_its_record()
    {
        ExperimentConfig config = ConfigFile.Load<ExperimentConfig>(_folder.Write("part.yaml", "teacher:\n  sft:\n    max_steps: 5\n"), ["student.hidden_size=64"]);

        Assert.Equal(new ExperimentConfig().Teacher with { Sft = new ExperimentConfig().Teacher.Sft with { MaxSteps = 5 } }, config.Teacher);
        Assert.Equal(new ExperimentConfig().Student with { HiddenSize = 64 }, config.Student);
    }

    [Theory]
    [InlineData("arms=[]", "arms: should name at least one arm, got none.")]
    [InlineData("arms=[offline, onlin-teacher]", "arms: should be among offline, offline-student, offline-oracle, online-teacher, online-student, online-oracle, got 'onlin-teacher'.")]
    [InlineData("arms=[offline, offline]", "arms: should name each arm once.")]
    [InlineData("loss.beta=2", "loss.beta: should be from 0 to 1, got 2.")]
    [InlineData("loss.loss_temperature=0", "loss.loss_temperature: should be above 0, got 0.")]
    [InlineData("distillation.max_steps=0", "distillation.max_steps: should be at least 1, got 0.")]
    [InlineData("teacher.sft.learning_rate=-1", "teacher.sft.learning_rate: should be above 0, got -1.")]
    [InlineData("student.sft.per_device_train_batch_size=0", "student.sft.per_device_train_batch_size: should be at least 1, got 0.")]
    [InlineData("data.prompt_length=1", "data.prompt_length: should be at least 2, got 1.")]
    [InlineData("data.max_completion_length=0", "data.max_completion_length: should be at least 1, got 0.")]
    [InlineData("data.held_out_prompts=1", "data.held_out_prompts: should be at least 2, got 1.")]
    [InlineData("data.completions_per_prompt=0", "data.completions_per_prompt: should be at least 1, got 0.")]
    [InlineData("teacher.hidden_size=0", "teacher.hidden_size: should be at least 1, got 0.")]
    [InlineData("teacher.num_attention_heads=18", "teacher.num_attention_heads: should divide hidden_size 48 into heads of an even size, got 18.")]
    [InlineData("student.num_attention_heads=32", "student.num_attention_heads: should divide hidden_size 32 into heads of an even size, got 32.")]
    [InlineData("student.num_key_value_heads=3", "student.num_key_value_heads: should divide num_attention_heads 4, got 3.")]
    [InlineData("evaluation.points=1", "evaluation.points: should be at least 2, got 1.")]
    [InlineData("evaluation.student_samples=1", "evaluation.student_samples: should be at least 2, got 1.")]
    public void Every_broken_rule_has_its_message(string setting, string problem)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => ConfigFile.Load<ExperimentConfig>(null, [setting]));

        Assert.EndsWith(": " + problem, Assert.Single(error.Problems));
    }

    public void Dispose() => _folder.Dispose();
}
