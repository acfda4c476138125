using System.Numerics.Tensors;
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
        TensorPrimitives.Add(a.Data, b.Data, y.Data);
        return Record(new AddOp(a, b, y));
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
            if (input.RequiresGradient)
                TensorPrimitives.Add(tape.GradientOf(input), tape.GradientOf(Output), tape.GradientOf(input));
        }
    }
}
