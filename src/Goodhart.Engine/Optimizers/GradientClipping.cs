using System.Numerics.Tensors;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Optimizers;

/// <summary>Bounds the length of the gradient of all parameters together (Pascanu et al. 2013).</summary>
public static class GradientClipping
{
    const int Block = 4096;

    /// <summary>Scales all gradients down so that their norm is at most <paramref name="maxNorm"/>.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="maxNorm">max_grad_norm; 0 or less leaves them alone.</param>
    /// <returns>The norm before; NaN or infinity if a gradient is, and then nothing is scaled: NaN is never clipped away.</returns>
    public static double Clip(ParameterSet parameters, double maxNorm)
    {
        Span<float> gradients = parameters.Gradients;
        double norm = Math.Sqrt(SumOfSquares(gradients));
        if (double.IsFinite(norm) && maxNorm > 0 && norm > maxNorm)
            TensorPrimitives.Multiply(gradients, (float)(maxNorm / norm), gradients);
        return norm;
    }

    // Blocks in a fixed order, and double between them: the same bits on any number of threads, and no loss over millions of terms.
    static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i += Block)
            sum += TensorPrimitives.SumOfSquares(values.Slice(i, Math.Min(Block, values.Length - i)));
        return sum;
    }
}
