using Goodhart.Distillation.Checkpoints;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;

namespace Goodhart.Distillation.Tests.Checkpoints;

/// <summary>2N steps are N, a new process and N: weights, moments, ledger and what is logged.</summary>
public sealed class ResumeTests : IDisposable
{
    const int Steps = 40;

    static readonly TrainingOptions Plain = new()
    {
        MaxSteps = Steps,
        PerDeviceTrainBatchSize = 3,
        GradientAccumulationSteps = 2,
        LearningRate = 1e-2,
        WarmupSteps = 3,
        WeightDecay = 0.1,
    };

    readonly TemporaryFolder _folder = new();
    readonly Workers _workers = new(1);

    public static TheoryData<string, ScheduleKind, int> Runs()
    {
        TheoryData<string, ScheduleKind, int> runs = [];
        foreach (string source in new[] { "offline", "online-teacher", "online-student", "mixed" })
        {
            runs.Add(source, ScheduleKind.Constant, 5);
            runs.Add(source, ScheduleKind.Cosine, 1);    // in the warm-up
            runs.Add(source, ScheduleKind.WarmupStableDecay, 38);    // in the decay
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_that_goes_on_ends_with_the_bits_of_one_that_never_stopped(string source, ScheduleKind schedule, int stop)
    {
        TrainingOptions options = Plain with { LrSchedulerType = schedule };
        Training whole = new(source, options, _workers), first = new(source, options, _workers), second = new(source, options, _workers);

        List<TrainingStep> expected = whole.Distil();
        List<TrainingStep> steps = first.Distil(stop);
        first.Save(Series());
        Assert.NotNull(second.Resume(Series()));
        steps.AddRange(second.Distil());

        Assert.Equal(expected, steps);
        second.AssertEqual(whole);
        Assert.NotEqual(Tiny.WeightsOf(first.Student), Tiny.WeightsOf(second.Student));
    }

    [Fact]
    public void Examples_written_ahead_are_not_lost()
    {
        // A student that writes ahead trains on what it wrote as it was: writing those anew would give others.
        Training whole = new("student-ahead", Plain, _workers), first = new("student-ahead", Plain, _workers), second = new("student-ahead", Plain, _workers);
        whole.Distil();
        first.Distil(5);
        Assert.NotEmpty(first.Source.State.Held);
        first.Save(Series());

        second.Resume(Series());
        second.Distil();

        second.AssertEqual(whole);
    }

    [Fact]
    public void Fine_tuning_goes_on_too()
    {
        Training whole = new("offline", Plain, _workers), first = new("offline", Plain, _workers), second = new("offline", Plain, _workers);
        whole.FineTune();
        first.FineTune(4);
        first.Save(Series());

        second.Resume(Series());
        second.FineTune();

        second.AssertEqual(whole);
    }

    [Fact]
    public void An_adapter_goes_on_too()
    {
        Training whole = new("online-student", Plain, _workers, lora: true), first = new("online-student", Plain, _workers, lora: true);
        Training second = new("online-student", Plain, _workers, lora: true);
        whole.Distil();
        first.Distil(4);
        first.Save(Series());

        second.Resume(Series());
        second.Distil();

        second.AssertEqual(whole);
    }

    [Fact]
    public void Without_a_checkpoint_a_run_begins()
    {
        Training training = new("offline", Plain, _workers);

        Assert.Null(training.Resume(Series()));
        Assert.Equal(0, training.Optimizer.Steps);
    }

    [Fact]
    public void A_run_that_was_at_its_end_has_nothing_left_to_do()
    {
        Training first = new("offline", Plain, _workers), second = new("offline", Plain, _workers);
        first.Distil();
        first.Save(Series());

        second.Resume(Series());

        Assert.Empty(second.Distil());
        second.AssertEqual(first);
    }

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Dispose();
    }

    CheckpointSeries Series() => new(_folder.Path, new CheckpointOptions());

    /// <summary>All that a process makes anew before it trains.</summary>
    sealed class Training
    {
        static readonly int[][] Prompts = [[1], [2, 3], [4, 5, 6], [7], [8, 9]];

        readonly TrainingOptions _options;
        readonly Workers _workers;

        public Training(string source, TrainingOptions options, Workers workers, bool lora = false)
        {
            (_options, _workers) = (options, workers);
            LlamaModel teacher = Tiny.Model(1), student = Tiny.Model(2);
            Student = lora
                ? student.Copy(trainable: false).With(LoraAdapter.Initialize(new LoraConfig { R = 2, TargetModules = ["q_proj", "up_proj"] }, student.Config, new Rng(1, "lora")))
                : student;
            Teacher = new LiveTeacher(teacher.Copy(trainable: false), workers);
            if (source == "offline")
                Teacher = new CachedTeacher(Teacher);
            Source = source switch
            {
                "offline" => Tiny.Source(Tiny.Examples(16)),
                "online-teacher" => Online(teacher, ahead: 8),
                "online-student" => Online(Student, ahead: 1),
                "mixed" => new MixedSource(Online(Student, ahead: 1), Online(teacher, ahead: 8), 0.5, new Rng(7, "mixed")),
                _ => Online(Student, ahead: 8),
            };
            Optimizer = options.Optimizer(Student.Parameters, workers);
        }

        public ICausalLm Student { get; }

        public ITeacher Teacher { get; }

        public IExampleSource Source { get; }

        public AdamW Optimizer { get; }

        public List<TrainingStep> Distil(int stop = int.MaxValue)
        {
            List<TrainingStep> steps = [];
            LogitDistillation.Run(Student, Teacher, Source, new(), _options, _workers, step => Note(steps, step, stop), Optimizer);
            return steps;
        }

        public void FineTune(int stop = int.MaxValue) => FineTuning.Run(Student, Source, _options, _workers, step => Note([], step, stop), Optimizer);

        public void Save(CheckpointSeries series) => series.Save(Optimizer, Source, Steps, [], directory =>
        {
            if (Student.Adapter is LoraAdapter adapter)
                adapter.Save(directory);
            else
                ModelDirectory.Save(Student, directory);
        });

        public TrainerState? Resume(CheckpointSeries series) => series.Resume(Student, Optimizer, Source);

        public void AssertEqual(Training other)
        {
            Assert.Equal(Tiny.WeightsOf(other.Student), Tiny.WeightsOf(Student));
            Assert.Equal(other.Optimizer.Moments.SelectMany(m => m.Second.ToArray()), Optimizer.Moments.SelectMany(m => m.Second.ToArray()));
            (LedgerState expected, LedgerState actual) = (other.Source.State.Ledger!, Source.State.Ledger!);
            Assert.Equal((expected.Visits, expected.Tokens), (actual.Visits, actual.Tokens));
            Assert.Equal(expected.Prompts, actual.Prompts);
            Assert.Equal(expected.Examples, actual.Examples);
        }

        static RunDecision Note(List<TrainingStep> steps, TrainingStep step, int stop)
        {
            steps.Add(step);
            return step.Step == stop ? RunDecision.Stop : RunDecision.Continue;
        }

        OnlineSource Online(ICausalLm writer, int ahead) => new(
            Prompts, new Generator(writer, _workers), new() { MaxNewTokens = 6 }, new Rng(1, "order"), visit => new Rng(1, "visits", visit), ahead);
    }
}
