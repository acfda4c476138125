using Goodhart.Engine.Memory;

namespace Goodhart.Engine.Tensors;

/// <summary>Owns a model's weights and their gradients, each as one flat aligned block.</summary>
public sealed class ParameterSet
{
    readonly Memory<float> _values;
    readonly Memory<float> _gradients;
    readonly Dictionary<string, Parameter> _byName = [];

    /// <summary>Allocates zeroed weights for <paramref name="specs"/>.</summary>
    /// <param name="specs">Name and dimensions (one or two) of each weight, in checkpoint order.</param>
    /// <param name="trainable">Whether gradients are allocated too.</param>
    public ParameterSet(IEnumerable<(string Name, int[] Shape)> specs, bool trainable)
    {
        ParameterSpec[] placed = Place(specs, out long total);
        Throw.Unless(total <= Array.MaxLength - AlignedMemory.Alignment, $"ParameterSet: one block holds at most {Array.MaxLength} values, got {total}.");
        int length = (int)total;
        _values = AlignedMemory.Allocate(length);
        _gradients = trainable ? AlignedMemory.Allocate(length) : Memory<float>.Empty;
        IsTrainable = trainable;
        All = [.. placed.Select(Create)];
        foreach (Parameter parameter in All)
            Throw.Unless(_byName.TryAdd(parameter.Name, parameter), $"ParameterSet: '{parameter.Name}' is declared twice.");
    }

    /// <summary>Frozen weights that lie wherever <paramref name="place"/> says, such as in a mapped file.</summary>
    /// <param name="specs">Name and dimensions (one or two) of each weight, in checkpoint order.</param>
    /// <param name="place">The memory of a weight, by its name and length.</param>
    public ParameterSet(IEnumerable<(string Name, int[] Shape)> specs, Func<string, int, Memory<float>> place)
    {
        All = [.. Place(specs, out _).Select(spec => new Parameter(
            spec.Name, spec.Dimensions, Tensor.Constant(place(spec.Name, spec.Shape.Length), spec.Shape)))];
        foreach (Parameter parameter in All)
            Throw.Unless(_byName.TryAdd(parameter.Name, parameter), $"ParameterSet: '{parameter.Name}' is declared twice.");
    }

    /// <summary>Whether the weights have gradients.</summary>
    public bool IsTrainable { get; }

    /// <summary>The weights in checkpoint order.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>How many numbers are trained, padding not counted.</summary>
    public long Count => All.Sum(p => (long)p.Value.Shape.Length);

    /// <summary>Every weight as one block; the few floats between parameters are alignment and stay zero. Empty where the weights lie apart.</summary>
    public Span<float> Values => _values.Span;

    /// <summary>Every gradient, in the layout of <see cref="Values"/>; empty when frozen.</summary>
    public Span<float> Gradients => _gradients.Span;

    /// <summary>The weight of that checkpoint name.</summary>
    public Tensor this[string name] => Find(name) ?? throw new ArgumentException($"ParameterSet: no parameter is called '{name}'.");

    /// <summary>The weight of that checkpoint name; null if there is none.</summary>
    public Tensor? Find(string name) => _byName.GetValueOrDefault(name)?.Value;

    /// <summary>Sets every gradient to zero.</summary>
    public void ZeroGradients() => Gradients.Clear();

    /// <summary>Copies all weights from a set of the same names and shapes.</summary>
    public void CopyFrom(ParameterSet other)
    {
        Throw.Unless(
            All.Select(p => (p.Name, p.Value.Shape)).SequenceEqual(other.All.Select(p => (p.Name, p.Value.Shape))),
            "ParameterSet: CopyFrom needs a set of the same layout.");
        foreach ((Parameter to, Parameter from) in All.Zip(other.All))
            from.Value.Data.CopyTo(to.Value.Data);
    }

    /// <summary>The name of the first weight that holds a NaN or an infinity, or null.</summary>
    public string? FirstNonFinite() =>
        All.FirstOrDefault(p => !NonFinite.IsAllFinite(p.Value.Data))?.Name;

    /// <summary>The name of the first weight whose gradient holds a NaN or an infinity, or null.</summary>
    public string? FirstNonFiniteGradient() =>
        All.FirstOrDefault(p => !NonFinite.IsAllFinite(p.Value.Gradient.Span))?.Name;

    static ParameterSpec[] Place(IEnumerable<(string Name, int[] Shape)> specs, out long length)
    {
        List<ParameterSpec> placed = [];
        long offset = 0;
        foreach ((string name, int[] dimensions) in specs)
        {
            Throw.Unless(dimensions.Length is 1 or 2, $"ParameterSet: '{name}' should have one or two dimensions, got {dimensions.Length}.");
            Shape shape = dimensions.Length == 1 ? new(1, dimensions[0]) : new(dimensions[0], dimensions[1]);
            placed.Add(new ParameterSpec(name, shape, dimensions, offset));
            offset += AlignedMemory.RoundUp(shape.Length);
        }

        length = offset;
        return [.. placed];
    }

    Parameter Create(ParameterSpec spec)
    {
        Tensor value = new(_values.Slice((int)spec.Offset, spec.Shape.Length), spec.Shape, IsTrainable)
        {
            OwnsGradient = IsTrainable,
            Gradient = IsTrainable ? _gradients.Slice((int)spec.Offset, spec.Shape.Length) : Memory<float>.Empty,
        };
        return new Parameter(spec.Name, spec.Dimensions, value);
    }

    sealed record ParameterSpec(string Name, Shape Shape, int[] Dimensions, long Offset);
}

/// <summary>A named weight.</summary>
/// <param name="Name">As in the checkpoint: model.layers.0.self_attn.q_proj.weight.</param>
/// <param name="Dimensions">As in the checkpoint: one number for a vector, two for a matrix.</param>
/// <param name="Value">The values; a vector is a row.</param>
public sealed record Parameter(string Name, IReadOnlyList<int> Dimensions, Tensor Value)
{
    /// <summary>Whether it is a matrix: only those are decayed.</summary>
    public bool IsMatrix => Dimensions.Count == 2;
}
