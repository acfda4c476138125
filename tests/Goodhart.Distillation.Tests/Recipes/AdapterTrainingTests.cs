using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Adapters;

namespace Goodhart.Distillation.Tests.Recipes;

public sealed class AdapterTrainingTests : IDisposable
{
    readonly Workers _workers = new(1);

    [Fact]
    public void An_adapter_learns_from_a_teacher_and_the_weights_below_it_stay()
    {
        ICausalLm teacher = Tiny.Model(seed: 1), student = Tiny.Model(seed: 2).Copy(trainable: false);
        float[] before = Tiny.WeightsOf(student);
        LoraAdapter adapter = LoraAdapter.Initialize(new LoraConfig { R = 4, LoraAlpha = 8, TargetModules = ["all-linear"] }, student.Config, new Rng(1, "lora"));
        List<double> losses = [];

        LogitDistillation.Run(
            student.With(adapter), new LiveTeacher(teacher, _workers), Tiny.Source(Tiny.Examples(32)), new DistillationLoss(), Tiny.Options(steps: 60), _workers,
            step =>
            {
                losses.Add(step.Loss);
                return RunDecision.Continue;
            });

        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]} to {losses[^1]}");
        Assert.Equal(before, Tiny.WeightsOf(student));
    }

    public void Dispose() => _workers.Dispose();
}
