namespace Goodhart.Engine.Tensors;

/// <summary>A row-major float32 matrix over memory that an arena or a parameter set owns.</summary>
public sealed class Tensor
{
    readonly Memory<float> _values;

    internal Tensor(Memory<float> values, Shape shape, bool requiresGradient)
    {
        _values = values;
        Shape = shape;
        RequiresGradient = requiresGradient;
    }

    /// <summary>Rows and columns.</summary>
    public Shape Shape { get; }

    /// <summary>The values, row after row.</summary>
    public Span<float> Data => _values.Span;

    /// <summary>Whether a backward pass computes d(loss)/d(this).</summary>
    public bool RequiresGradient { get; internal set; }

    /// <summary>The storage of <see cref="Data"/>, for work that other threads share.</summary>
    public Memory<float> Values => _values;

    /// <summary>The gradient's storage; empty until the tape lends some, always there for a trained parameter.</summary>
    internal Memory<float> Gradient { get; set; }

    /// <summary>Whether the gradient outlives the step, because a parameter set owns it.</summary>
    internal bool OwnsGradient { get; init; }

    /// <summary>One row.</summary>
    public Span<float> Row(int row) => Rows(row, 1);

    /// <summary>Rows <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/> - 1.</summary>
    public Span<float> Rows(int from, int count) => Data.Slice(from * Shape.Columns, count * Shape.Columns);

    /// <summary>Wraps memory of the caller as a constant.</summary>
    /// <param name="values">rows x columns values, row after row.</param>
    /// <param name="shape">Rows and columns.</param>
    public static Tensor Constant(Memory<float> values, Shape shape)
    {
        Throw.Unless(values.Length == shape.Length, $"Tensor: {values.Length} values cannot have shape {shape}.");
        return new Tensor(values, shape, requiresGradient: false);
    }

    /// <summary>The shape, for a debugger.</summary>
    public override string ToString() => $"Tensor {Shape}";
}
