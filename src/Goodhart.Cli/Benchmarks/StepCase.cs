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
/// <param name="Threads">How many.</param>
/// <param name="Target">What it is meant to reach.</param>
sealed record StepCase(string Name, LlamaConfig Student, LlamaConfig Teacher, int Batch, int Length, int Threads, Target? Target) : IBenchCase
{
    /// <summary>Steps before those that are timed, and seconds, both at least: what a runtime needs to optimise them.</summary>
    const int Warmups = 2;
    const double WarmSeconds = 0.3;

    /// <summary>Timed steps, at least.</summary>
    const int Least = 3;

    public string Group { get; init; } = "step";

    /// <summary>Whether memory matters more than time: a sequence at a time, layers computed again, one copy of the teacher's weights.</summary>
    public bool IsLean { get; init; }

    /// <summary>Of a scaling case: where it lies on its axis.</summary>
    public double? Size { get; init; }

    /// <summary>Time of the timed steps, at least, seconds.</summary>
    public double Enough { get; init; } = 3;

    public BenchRow Measure(OpProfile? profile)
    {
        using Workers workers = new(Threads) { Profile = profile };
        ICausalLm student = LlamaModel.Initialize(Student, new Rng(0, "student")), teacher = LlamaModel.Initialize(Teacher, new Rng(0, "teacher")).Copy(trainable: false);
        OfflineSource source = RandomSource(Student.VocabSize, Batch, Length);
        TrainingOptions options = new()
        {
            MaxSteps = int.MaxValue,
            PerDeviceTrainBatchSize = IsLean ? 1 : Batch,
            GradientAccumulationSteps = IsLean ? Batch : 1,
            GradientCheckpointing = IsLean,
            LearningRate = 1e-4,
            WarmupSteps = 0,
        };

        List<double> timed = [];
        int steps = 0;
        double spent = 0, memory = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true), start = Stopwatch.GetTimestamp();
        LogitDistillation.Run(student, new LiveTeacher(teacher, workers, keepsPackedWeights: !IsLean), source, new DistillationLoss(), options, workers, _ =>
        {
            double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            spent += took;
            if (timed.Count > 0 || spent - took >= WarmSeconds && steps >= Warmups)
                timed.Add(took);
            // Nothing that a run sets aside is handed back before its end, so what it holds now is also its peak.
            if (++steps == Warmups)
                memory = GC.GetTotalMemory(forceFullCollection: true) - before;
            if (timed.Count == 0)
                profile?.Clear();
            start = Stopwatch.GetTimestamp();
            return timed.Count >= Least && timed.Sum() >= Enough ? RunDecision.Stop : RunDecision.Continue;
        });

        double median = Timing.Median(timed), tokens = Batch * Length, working = memory - 2.0 * sizeof(float) * student.Parameters.Count;
        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = $"{Millions(Student)} student, {Millions(Teacher)} teacher, V {Student.VocabSize}, {Batch} x {Length}{(IsLean ? ", a sequence at a time, layers computed again" : "")}",
            Threads = Threads,
            Size = Size,
            TokensPerSecond = tokens / median,
            SecondsPerStep = median,
            Gflops = tokens * (3 * Flops(Student) + Flops(Teacher)) / median / 1e9,
            WorkingMemoryMb = working / 1e6,
            LogitsShare = working / (2 * sizeof(float) * tokens * Student.VocabSize),
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
    static OfflineSource RandomSource(int vocabulary, int batch, int length)
    {
        Rng rng = new(0, "bench");
        Example[] examples = [.. Enumerable.Range(0, batch).Select(_ => new Example([.. Enumerable.Range(0, length + 1).Select(_ => rng.NextInt(vocabulary))], 1))];
        return new OfflineSource(examples, new Rng(0, "bench/order"));
    }
}
