using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Row ids[n] of the weight, for each n. Also picks rows out of any matrix.</summary>
    /// <param name="weight">[V, C].</param>
    /// <param name="ids">N numbers below V. Must not change before the backward pass.</param>
    /// <returns>[N, C].</returns>
    public Tensor Embedding(Tensor weight, ReadOnlyMemory<int> ids)
    {
        foreach (int id in ids.Span)
            Throw.Unless((uint)id < (uint)weight.Shape.Rows, $"Embedding: ids should be below {weight.Shape.Rows}, got {id}.");

        Tensor y = New(new Shape(ids.Length, weight.Shape.Columns), weight);
        EmbeddingKernel.Forward(ids.Span, weight.Data, y.Data, weight.Shape.Columns);
        return Record(new EmbeddingOp(weight, ids, y));
    }

    sealed class EmbeddingOp(Tensor weight, ReadOnlyMemory<int> ids, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape) =>
            EmbeddingKernel.Backward(tape.GradientOf(Output), ids.Span, tape.GradientOf(weight), weight.Shape.Columns);
    }
}
