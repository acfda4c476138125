using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>-log softmax(logits)[target], row by row.</summary>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">N ids below V. Must not change before the backward pass.</param>
    /// <returns>[N, 1], nats.</returns>
    public Tensor CrossEntropy(Tensor logits, ReadOnlyMemory<int> targets)
    {
        (int rows, int columns) = logits.Shape;
        CheckTargets(targets, rows, columns);
        Tensor loss = New(new Shape(rows, 1), logits), logSumExp = New(new Shape(rows, 1));
        _workers.ForRows(rows, LossGrain(columns), (first, count) => CrossEntropyKernel.Forward(
            logits.Rows(first, count), targets.Span.Slice(first, count), loss.Rows(first, count), logSumExp.Rows(first, count), columns));
        return Record(new CrossEntropyOp(logits, targets, logSumExp, loss));
    }

    static void CheckTargets(ReadOnlyMemory<int> targets, int rows, int vocabulary)
    {
        Throw.Unless(targets.Length == rows, $"CrossEntropy: there should be {rows} targets, got {targets.Length}.");
        foreach (int target in targets.Span)
            Throw.Unless((uint)target < (uint)vocabulary, $"CrossEntropy: targets should be below {vocabulary}, got {target}.");
    }

    sealed class CrossEntropyOp(Tensor logits, ReadOnlyMemory<int> targets, Tensor logSumExp, Tensor loss) : Op(loss)
    {
        public override void Backward(Tape tape)
        {
            int columns = logits.Shape.Columns;
            Memory<float> dLoss = tape.GradientBlock(Output), dLogits = tape.GradientBlock(logits);
            tape._workers.ForRows(logits.Shape.Rows, LossGrain(columns), (first, count) => CrossEntropyKernel.Backward(
                RowsOf(dLoss, first, count, 1), logits.Rows(first, count), targets.Span.Slice(first, count), logSumExp.Rows(first, count),
                RowsOf(dLogits, first, count, columns), columns));
        }
    }

    /// <summary>Rows of a loss that are worth a thread: exponentials cost more than memory.</summary>
    static int LossGrain(int columns) => Math.Max(1, (1 << 15) / columns);
}
