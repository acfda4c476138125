using Goodhart.Engine.Kernels;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019). Only matrices are decayed.</summary>
public sealed class AdamW
{
    const int Grain = 1 << 16;

    readonly Workers _workers;
    readonly AdamWOptions _options;

    /// <summary>Moments start at zero.</summary>
    public AdamW(ParameterSet parameters, Workers workers, AdamWOptions? options = null)
    {
        Throw.Unless(parameters.IsTrainable, "AdamW: the parameters are frozen.");
        (_workers, _options) = (workers, options ?? new AdamWOptions());
        Memory<float> first = AlignedMemory.Allocate(parameters.Values.Length), second = AlignedMemory.Allocate(parameters.Values.Length);
        Moments = [.. Slices()];

        IEnumerable<Moments> Slices()
        {
            int at = 0;
            foreach (Parameter parameter in parameters.All)
            {
                int length = parameter.Value.Shape.Length;
                yield return new Moments(parameter, first.Slice(at, length), second.Slice(at, length));
                at += AlignedMemory.RoundUp(length);
            }
        }
    }

    /// <summary>Steps taken; the bias correction depends on it. With <see cref="Moments"/> the whole state: store both, and set both to go on from there.</summary>
    public int Steps { get; set; }

    /// <summary>Of each parameter, in their order, where they lie.</summary>
    public IReadOnlyList<Moments> Moments { get; }

    /// <summary>Moves the weights against their gradients, which are kept.</summary>
    /// <param name="learningRate">Of this step.</param>
    public void Step(float learningRate)
    {
        Steps++;
        double correction1 = 1 - Math.Pow(_options.Beta1, Steps), correction2 = 1 - Math.Pow(_options.Beta2, Steps);
        AdamWStep step = new(
            _options.Beta1, _options.Beta2, _options.Epsilon,
            StepSize: (float)(learningRate / correction1), RootCorrection: (float)(1 / Math.Sqrt(correction2)), Decay: learningRate * _options.WeightDecay);

        foreach (Moments moments in Moments)
        {
            Tensor value = moments.Parameter.Value;
            AdamWStep own = moments.Parameter.IsMatrix ? step : step with { Decay = 0 };
            _workers.ForRows(value.Shape.Length, Grain, (first, count) => AdamWKernel.Step(
                value.Gradient.Span.Slice(first, count), value.Data.Slice(first, count),
                moments.First.Span.Slice(first, count), moments.Second.Span.Slice(first, count), own));
        }
    }
}

/// <summary>What <see cref="AdamW"/> remembers of a parameter's gradients.</summary>
/// <param name="Parameter">Whose.</param>
/// <param name="First">The running mean of the gradient (exp_avg).</param>
/// <param name="Second">The running mean of its square (exp_avg_sq).</param>
public sealed record Moments(Parameter Parameter, Memory<float> First, Memory<float> Second);

/// <summary>Options of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions
{
    /// <summary>Memory of the mean gradient. Default 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Memory of the mean squared gradient. Default 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the mean square. Default 1e-8.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Share of a matrix taken off per step and unit of learning rate. Default 0.</summary>
    public float WeightDecay { get; init; }
}
