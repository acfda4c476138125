namespace Goodhart.Models.Safetensors;

/// <summary>A tensor to be written: row-major float32 values with a name and a shape.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its sizes, outermost first; empty for a single number.</param>
/// <param name="Values">As many values as the product of the shape.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<float> Values);
