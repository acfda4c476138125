using Goodhart.Distillation.Data;
using Goodhart.Engine.Tensors;

namespace Goodhart.Distillation.Teachers;

/// <summary>Asks another teacher once about each example and remembers its logits in full: for offline data, the same numbers for less work.</summary>
/// <param name="teacher">Whom to ask.</param>
/// <param name="largestBytes">Beyond this much memory examples are no longer remembered, only asked about.</param>
public sealed class CachedTeacher(ITeacher teacher, long largestBytes = 256L << 20) : ITeacher
{
    readonly Dictionary<Example, float[]> _logits = new(ReferenceEqualityComparer.Instance);
    float[] _batch = [];
    long _bytes;

    /// <inheritdoc/>
    public Tensor Logits(ExampleBatch batch)
    {
        if (!batch.Examples.All(_logits.ContainsKey))
            return Ask(batch);

        int columns = _logits[batch.Examples[0]].Length / batch.Examples[0].CompletionLength;
        Array.Resize(ref _batch, batch.Rows.Length * columns);
        int at = 0;
        foreach (Example example in batch.Examples)
        {
            _logits[example].CopyTo(_batch, at);
            at += _logits[example].Length;
        }

        return Tensor.Constant(_batch, new Shape(batch.Rows.Length, columns));
    }

    Tensor Ask(ExampleBatch batch)
    {
        Tensor logits = teacher.Logits(batch);
        int row = 0;
        foreach (Example example in batch.Examples)
        {
            Span<float> own = logits.Rows(row, example.CompletionLength);
            row += example.CompletionLength;
            if (_logits.ContainsKey(example) || _bytes + own.Length * sizeof(float) > largestBytes)
                continue;
            _logits.Add(example, own.ToArray());
            _bytes += own.Length * sizeof(float);
        }

        return logits;
    }
}
