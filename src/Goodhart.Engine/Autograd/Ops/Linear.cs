using Goodhart.Engine.Kernels;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    readonly Dictionary<Tensor, PackedPanels> _packedWeights = [];

    /// <summary>Whether each weight's layout for multiplication is kept between calls.</summary>
    /// <remarks>For weights that do not change meanwhile: a frozen teacher, or a student while it generates.</remarks>
    public bool KeepsPackedWeights { get; init; }

    /// <summary>Says that weights have changed: those kept are laid out anew.</summary>
    public void ForgetPackedWeights() => _packedWeights.Clear();

    /// <summary>y = x transpose(weight) + bias.</summary>
    /// <param name="x">[N, in].</param>
    /// <param name="weight">[out, in], as in a checkpoint.</param>
    /// <param name="bias">[1, out]; null for none.</param>
    /// <returns>[N, out].</returns>
    public Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        Tensor y = Linear(x, weight);
        return bias is null ? y : AddBias(y, bias);
    }

    /// <summary>y = x transpose(weight).</summary>
    /// <param name="x">[N, in].</param>
    /// <param name="weight">[out, in], as in a checkpoint.</param>
    /// <returns>[N, out].</returns>
    public Tensor Linear(Tensor x, Tensor weight)
    {
        Throw.Unless(weight.Shape.Columns == x.Shape.Columns,
            $"Linear: weight should have shape [out, {x.Shape.Columns}], got {weight.Shape}.");

        Tensor y = New(new Shape(x.Shape.Rows, weight.Shape.Rows), x, weight);
        ArenaMark mark = _arena.Mark();
        MatMul.Multiply(_workers, x.Values, PackTransposed(weight), y.Values, x.Shape.Rows, add: false);
        _arena.Rewind(mark);
        return Record(new LinearOp(x, weight, y));
    }

    PackedPanels PackTransposed(Tensor weight)
    {
        (int columns, int depth) = weight.Shape;
        if (_packedWeights.TryGetValue(weight, out PackedPanels kept))
            return kept;

        int length = MatMul.PackedLength(depth, columns);
        Memory<float> storage = KeepsPackedWeights ? AlignedMemory.Allocate(length) : _arena.Take(length);
        PackedPanels panels = MatMul.Pack(_workers, weight.Values, depth, columns, transposed: true, storage);
        if (KeepsPackedWeights)
            _packedWeights.Add(weight, panels);
        return panels;
    }

    sealed class LinearOp(Tensor x, Tensor weight, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            ArenaMark mark = tape._arena.Mark();
            Memory<float> dy = tape.GradientBlock(Output);
            if (x.RequiresGradient)
            {
                // dx += dy W
                PackedPanels w = tape.Pack(weight);
                MatMul.Multiply(tape._workers, dy, w, tape.GradientBlock(x), x.Shape.Rows, add: true);
                tape._arena.Rewind(mark);
            }

            if (weight.RequiresGradient)
            {
                // dW += transpose(dy) x
                PackedPanels right = tape.Pack(x);
                MatMul.AddTransposedProduct(tape._workers, tape._arena, dy, weight.Shape.Rows, right, tape.GradientBlock(weight));
                tape._arena.Rewind(mark);
            }
        }
    }

    PackedPanels Pack(Tensor right)
    {
        (int depth, int columns) = right.Shape;
        return MatMul.Pack(_workers, right.Values, depth, columns, transposed: false, _arena.Take(MatMul.PackedLength(depth, columns)));
    }
}
