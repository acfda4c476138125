using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= decay w + step m / (sqrt(v) root + epsilon).</summary>
static class AdamWKernel
{
    /// <param name="gradient">Any length.</param>
    /// <param name="weight">The same length, updated.</param>
    /// <param name="first">Mean gradient, updated.</param>
    /// <param name="second">Mean squared gradient, updated.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void Step(ReadOnlySpan<float> gradient, Span<float> weight, Span<float> first, Span<float> second, in AdamWStep step)
    {
        int i = 0;
        float rest1 = 1 - step.Beta1, rest2 = 1 - step.Beta2, keep = 1 - step.Decay;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pg = ref MemoryMarshal.GetReference(gradient), pw = ref MemoryMarshal.GetReference(weight);
            ref float pm = ref MemoryMarshal.GetReference(first), pv = ref MemoryMarshal.GetReference(second);
            for (; i <= weight.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> g = Vector256.LoadUnsafe(ref pg, (nuint)i);
                Vector256<float> m = step.Beta1 * Vector256.LoadUnsafe(ref pm, (nuint)i) + rest1 * g;
                Vector256<float> v = step.Beta2 * Vector256.LoadUnsafe(ref pv, (nuint)i) + rest2 * g * g;
                Vector256<float> move = step.StepSize * m / (Vector256.Sqrt(v) * step.RootCorrection + Vector256.Create(step.Epsilon));
                m.StoreUnsafe(ref pm, (nuint)i);
                v.StoreUnsafe(ref pv, (nuint)i);
                (keep * Vector256.LoadUnsafe(ref pw, (nuint)i) - move).StoreUnsafe(ref pw, (nuint)i);
            }
        }

        for (; i < weight.Length; i++)
        {
            float g = gradient[i];
            float m = first[i] = step.Beta1 * first[i] + rest1 * g;
            float v = second[i] = step.Beta2 * second[i] + rest2 * g * g;
            weight[i] = keep * weight[i] - step.StepSize * m / (MathF.Sqrt(v) * step.RootCorrection + step.Epsilon);
        }
    }
}

/// <summary>The numbers of one AdamW step.</summary>
readonly record struct AdamWStep(float Beta1, float Beta2, float Epsilon, float StepSize, float RootCorrection, float Decay);
