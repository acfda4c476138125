using Goodhart.Engine.Kernels;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019). Only matrices are decayed.</summary>
public sealed class AdamW
{
    const int Grain = 1 << 16;

    readonly ParameterSet _parameters;
    readonly Workers _workers;
    readonly AdamWOptions _options;
    readonly Memory<float> _first, _second;

    /// <summary>Moments start at zero.</summary>
    public AdamW(ParameterSet parameters, Workers workers, AdamWOptions? options = null)
    {
        Throw.Unless(parameters.IsTrainable, "AdamW: the parameters are frozen.");
        (_parameters, _workers, _options) = (parameters, workers, options ?? new AdamWOptions());
        _first = AlignedMemory.Allocate(parameters.Values.Length);
        _second = AlignedMemory.Allocate(parameters.Values.Length);
    }

    /// <summary>Steps taken; the bias correction depends on it.</summary>
    public int Steps { get; private set; }

    /// <summary>Moves the weights against their gradients, which are kept.</summary>
    /// <param name="learningRate">Of this step.</param>
    public void Step(float learningRate)
    {
        Steps++;
        double correction1 = 1 - Math.Pow(_options.Beta1, Steps), correction2 = 1 - Math.Pow(_options.Beta2, Steps);
        AdamWStep step = new(
            _options.Beta1, _options.Beta2, _options.Epsilon,
            StepSize: (float)(learningRate / correction1), RootCorrection: (float)(1 / Math.Sqrt(correction2)), Decay: learningRate * _options.WeightDecay);

        int at = 0;
        foreach (Parameter parameter in _parameters.All)
        {
            Tensor value = parameter.Value;
            int offset = at;
            AdamWStep own = parameter.IsMatrix ? step : step with { Decay = 0 };
            _workers.ForRows(value.Shape.Length, Grain, (first, count) => AdamWKernel.Step(
                value.Gradient.Span.Slice(first, count), value.Data.Slice(first, count),
                _first.Span.Slice(offset + first, count), _second.Span.Slice(offset + first, count), own));
            at += AlignedMemory.RoundUp(value.Shape.Length);
        }
    }
}

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
