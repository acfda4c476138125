using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>scale times the sum of all elements; with scale 1 / N, the mean.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="scale">Say, 1 / tokens of the whole accumulation window.</param>
    /// <returns>[1, 1].</returns>
    public Tensor Sum(Tensor x, float scale = 1)
    {
        Tensor y = New(new Shape(1, 1), x);
        double sum = 0;
        foreach (float value in x.Data)
            sum += value;
        y.Data[0] = (float)(sum * scale);
        return Record(new SumOp(x, scale, y));
    }

    /// <summary>The weighted sum of scalars, such as the terms of a loss.</summary>
    /// <param name="terms">[1, 1] each, with its weight.</param>
    /// <returns>[1, 1].</returns>
    public Tensor Sum(IReadOnlyList<(Tensor Value, float Weight)> terms)
    {
        Throw.Unless(terms.Count > 0, "Sum: there should be at least one term.");
        Tensor y = New(new Shape(1, 1), [.. terms.Select(term => term.Value)]);
        double sum = 0;
        foreach ((Tensor value, float weight) in terms)
        {
            Throw.UnlessShape(nameof(Sum), value, new Shape(1, 1), "each term");
            sum += (double)value.Data[0] * weight;
        }

        y.Data[0] = (float)sum;
        return Record(new WeightedSumOp(terms, y));
    }

    sealed class SumOp(Tensor x, float scale, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            float d = tape.GradientOf(Output)[0] * scale;
            foreach (ref float dx in tape.GradientOf(x))
                dx += d;
        }
    }

    sealed class WeightedSumOp(IReadOnlyList<(Tensor Value, float Weight)> terms, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            float d = tape.GradientOf(Output)[0];
            foreach ((Tensor value, float weight) in terms)
            {
                if (value.RequiresGradient)
                    tape.GradientOf(value)[0] += d * weight;
            }
        }
    }
}
