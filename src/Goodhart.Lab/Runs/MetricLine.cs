using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Goodhart.Lab.Runs;

/// <summary>One line of <c>metrics.jsonl</c>: names and their values, in the order in which they were added.</summary>
/// <remarks>A number that is not finite is kept as NaN here and is null in the file.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is a line that happens to be enumerable.")]
public sealed class MetricLine : IEnumerable<KeyValuePair<string, MetricValue>>
{
    readonly OrderedDictionary<string, MetricValue> _values = [];

    /// <summary>Sets a value.</summary>
    public MetricValue this[string name]
    {
        set => _values[name] = value;
    }

    /// <summary>The finite number under a name, or null.</summary>
    public double? Number(string name) =>
        _values.TryGetValue(name, out MetricValue value) && double.IsFinite(value.Number) ? value.Number : null;

    /// <summary>The text under a name, or null.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out MetricValue value) ? value.Text : null;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, MetricValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
