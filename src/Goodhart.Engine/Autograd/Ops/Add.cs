using System.Numerics.Tensors;
using Goodhart.Engine.Tensors;
using Tensor = Goodhart.Engine.Tensors.Tensor;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>a + b, elementwise.</summary>
    /// <param name="a">[N, C].</param>
    /// <param name="b">[N, C].</param>
    /// <returns>[N, C].</returns>
    public Tensor Add(Tensor a, Tensor b)
    {
        Throw.UnlessShape(nameof(Add), b, a.Shape, nameof(b));

        Tensor y = New(a.Shape, a, b);
        AddRows(a.Values, b.Values, y.Values, a.Shape);
        return Record(new AddOp(a, b, y));
    }

    void AddRows(Memory<float> a, Memory<float> b, Memory<float> sum, Shape shape)
    {
        int columns = shape.Columns;
        _workers.ForRows(shape.Rows, RowGrain(columns), (first, count) => TensorPrimitives.Add(
            RowsOf(a, first, count, columns), RowsOf(b, first, count, columns), RowsOf(sum, first, count, columns)));
    }

    sealed class AddOp(Tensor a, Tensor b, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            AddTo(tape, a);
            AddTo(tape, b);
        }

        void AddTo(Tape tape, Tensor input)
        {
            if (!input.RequiresGradient)
                return;
            Memory<float> gradient = tape.GradientBlock(input);
            tape.AddRows(gradient, tape.GradientBlock(Output), gradient, input.Shape);
        }
    }
}
