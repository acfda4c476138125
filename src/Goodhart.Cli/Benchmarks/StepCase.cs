using System.Diagnostics;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Whole distillation steps on random tokens: teacher forward, student forward and backward, full-vocabulary forward KL at every position, clipping, AdamW.</summary>
/// <param name="Name">As in bench/peers.</param>
/// <param name="Student">Its shape.</param>
/// <param name="Teacher">Its shape, of the same vocabulary.</param>
/// <param name="Batch">B.</param>
/// <param name="Length">T.</param>
/// <param name="Repeats">Steps timed; two more come first.</param>
/// <param name="Threads">How many.</param>
sealed record StepCase(string Name, LlamaConfig Student, LlamaConfig Teacher, int Batch, int Length, int Repeats, int Threads) : IBenchCase
{
    const int Warmups = 2;

    public string Group => "step";

    public BenchRow Measure(Ceilings ceilings, OpProfile? profile)
    {
        using Workers workers = new(Threads) { Profile = profile };
        ICausalLm student = LlamaModel.Initialize(Student, new Rng(0, "student")), teacher = LlamaModel.Initialize(Teacher, new Rng(0, "teacher")).Copy(trainable: false);
        RandomSource source = new(Student.VocabSize, Batch, Length);
        TrainingOptions options = new() { MaxSteps = Warmups + Repeats, PerDeviceTrainBatchSize = Batch, LearningRate = 1e-4, WarmupSteps = 0 };

        List<double> seconds = [];
        long allocated = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
        LogitDistillation.Run(student, new LiveTeacher(teacher, workers), source, new DistillationLoss(), options, workers, _ =>
        {
            long now = Stopwatch.GetTimestamp();
            seconds.Add(Stopwatch.GetElapsedTime(start, now).TotalSeconds);
            start = now;
            if (seconds.Count == Warmups)
                profile?.Clear();
            return RunDecision.Continue;
        });
        // Nothing that a run sets aside is handed back before its end, so all that it allocated is also its peak.
        double optimizer = 2.0 * sizeof(float) * student.Parameters.Count, memory = GC.GetTotalAllocatedBytes(precise: true) - allocated - optimizer;

        double median = Timing.Median(seconds.Skip(Warmups)), tokens = Batch * Length;
        double gflops = tokens * (3 * Flops(Student) + Flops(Teacher)) / median / 1e9;
        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = $"{Millions(Student)} student, {Millions(Teacher)} teacher, V {Student.VocabSize}, {Batch} x {Length}",
            TokensPerSecond = tokens / median,
            Gflops = gflops,
            PeakShare = gflops / (Threads == 1 ? ceilings.GflopsOfOne : ceilings.Gflops),
            WorkingMemoryMb = memory / 1e6,
        };
    }

    /// <summary>Multiply-adds of a token's forward pass, times two: its matrices and the causal half of its attention. A backward pass does twice as many.</summary>
    double Flops(LlamaConfig model)
    {
        double width = model.NumAttentionHeads * model.HeadDim, keys = model.NumKeyValueHeads * model.HeadDim;
        double layer = model.HiddenSize * (2 * width + 2 * keys + 3.0 * model.IntermediateSize) + width * Length;
        return 2 * (model.NumHiddenLayers * layer + (double)model.HiddenSize * model.VocabSize);
    }

    static string Millions(LlamaConfig model) => FormattableString.Invariant($"{model.ParameterCount / 1e6:0.00}M");

    /// <summary>The same random examples at every step: one prompt token, and all others learnt.</summary>
    sealed class RandomSource : IExampleSource
    {
        readonly Example[] _examples;

        public RandomSource(int vocabulary, int batch, int length)
        {
            Rng rng = new(0, "bench");
            _examples = [.. Enumerable.Range(0, batch).Select(_ => new Example([.. Enumerable.Range(0, length + 1).Select(_ => rng.NextInt(vocabulary))], 1))];
        }

        public Ledger Ledger { get; } = new();

        public IReadOnlyList<Example> Next(int count) => _examples;
    }
}
