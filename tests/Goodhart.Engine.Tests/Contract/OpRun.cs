using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Tests.Contract;

/// <summary>An op run forward and backward on random inputs.</summary>
/// <remarks>Unless the op is a loss itself, the loss is the sum of silu(gate) * output for random gates, so that each element has its own upstream gradient.</remarks>
sealed class OpRun
{
    readonly OpCase _case;
    readonly Tensor[] _inputs;
    readonly float[] _gates = [];

    /// <param name="op">What to run.</param>
    /// <param name="tape">Where; whatever was on it is forgotten.</param>
    /// <param name="frozen">Inputs that are not trained.</param>
    /// <param name="times">How often, the gradients of the inputs being kept.</param>
    public OpRun(OpCase op, Tape tape, Func<OpInput, bool>? frozen = null, int times = 1)
    {
        _case = op;
        _inputs = [.. op.Inputs.Select(input => Filled(op, input, isTrained: !input.IsConstant && frozen?.Invoke(input) != true))];
        for (int i = 0; i < times; i++)
        {
            tape.Reset();
            Tensor y = op.Run(tape, _inputs);
            _gates = Gaussian(new Rng(2, op.Name), y.Shape.Length, scale: 1);
            Output = y.Data.ToArray();
            HasGradient = y.RequiresGradient;
            if (HasGradient)
                tape.Backward(op.IsLoss ? y : tape.Sum(tape.SwiGlu(Tensor.Constant(_gates, y.Shape), y)));
        }
    }

    public float[] Output { get; } = [];

    /// <summary>Whether the output depends on anything trained.</summary>
    public bool HasGradient { get; }

    /// <summary>d(loss)/d(input); empty for one that is not trained.</summary>
    public float[] GradientOf(OpInput input) => _inputs[IndexOf(input)].Gradient.ToArray();

    public double[] Expected() => _case.Reference(Values());

    /// <summary>Central difference of the loss, in double, in one element of an input.</summary>
    public double Slope(OpInput input, int element)
    {
        const double Step = 1e-4;
        double[][] values = Values();
        ref double x = ref values[IndexOf(input)][element];
        double at = x;
        x = at + Step;
        double above = Loss(values);
        x = at - Step;
        return (above - Loss(values)) / (2 * Step);
    }

    double Loss(double[][] inputs) => _case.IsLoss
        ? _case.Reference(inputs)[0]
        : _case.Reference(inputs).Zip(_gates, (y, gate) => y * gate / (1 + Math.Exp(-gate))).Sum();

    int IndexOf(OpInput input) => _case.Inputs.ToList().IndexOf(input);

    double[][] Values() => [.. _inputs.Select(tensor => Array.ConvertAll(tensor.Data.ToArray(), value => (double)value))];

    static Tensor Filled(OpCase op, OpInput input, bool isTrained)
    {
        Tensor tensor = new ParameterSet([(input.Name, [input.Shape.Rows, input.Shape.Columns])], isTrained)[input.Name];
        Gaussian(new Rng(1, $"{op.Name} {input.Name}"), input.Shape.Length, input.Scale).CopyTo(tensor.Data);
        return tensor;
    }

    static float[] Gaussian(Rng rng, int count, double scale)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = (float)(scale * rng.NextGaussian());
        return values;
    }
}
