using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests.Recipes;

public sealed class FineTuningTests : IDisposable
{
    readonly Workers _workers = new(1);

    [Fact]
    public void One_batch_is_learnt_by_heart()
    {
        Example[] batch = [Example.Of([1], [2, 3, 4, 5]), Example.Of([2], [5, 4, 3, 2]), Example.Of([3, 3], [7, 7, 8])];
        double loss = double.NaN;

        FineTuning.Run(Tiny.Model(1), Tiny.Source(batch), Tiny.Options(150), _workers, step =>
        {
            loss = step.Loss;
            return RunDecision.Continue;
        });

        Assert.InRange(loss, 0, 0.01);
    }

    [Fact]
    public void It_is_distillation_by_cross_entropy_bit_for_bit()
    {
        LlamaModel tuned = Tiny.Model(1), distilled = Tiny.Model(1);
        Example[] examples = Tiny.Examples(20);

        FineTuning.Run(tuned, Tiny.Source(examples), Tiny.Options(5), _workers, _ => RunDecision.Continue);
        LogitDistillation.Run(
            distilled, new LiveTeacher(Tiny.Model(2), _workers), Tiny.Source(examples), new() { Kind = LossKind.Ce }, Tiny.Options(5), _workers, _ => RunDecision.Continue);

        Assert.Equal(Tiny.WeightsOf(tuned), Tiny.WeightsOf(distilled));
    }

    public void Dispose() => _workers.Dispose();
}
