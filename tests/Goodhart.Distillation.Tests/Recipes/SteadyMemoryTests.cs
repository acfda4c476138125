using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests.Recipes;

/// <summary>Alone, because it measures what the process holds.</summary>
[CollectionDefinition(nameof(SteadyMemoryTests), DisableParallelization = true)]
[Collection(nameof(SteadyMemoryTests))]
public sealed class SteadyMemoryTests
{
    const int Steps = 1000, Settled = 100;

    /// <summary>What the runtime may add by itself when it optimises; a leak of 300 bytes a step is more.</summary>
    const long Tolerance = 256 << 10;

    [Fact]
    public void A_thousand_steps_hold_no_more_than_a_hundred()
    {
        using Workers workers = new(1);
        LlamaModel student = Tiny.Model(1).Copy(trainable: true), teacher = Tiny.Model(2).Copy(trainable: false);
        OfflineSource source = new(Tiny.Examples(40), new Rng(3, "order"));
        long settled = 0, last = 0;

        LogitDistillation.Run(student, new LiveTeacher(teacher, workers), source, new DistillationLoss(), new TrainingOptions { MaxSteps = Steps, PerDeviceTrainBatchSize = 8 }, workers, step =>
        {
            if (step.Step == Settled)
                settled = GC.GetTotalMemory(forceFullCollection: true);
            if (step.Step == Steps)
                last = GC.GetTotalMemory(forceFullCollection: true);
            return RunDecision.Continue;
        });

        Assert.True(last <= settled + Tolerance, $"After {Steps} steps {last:#,0} bytes are held, after {Settled} it was {settled:#,0}.");
    }
}
