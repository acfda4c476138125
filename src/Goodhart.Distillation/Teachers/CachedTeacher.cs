using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;

namespace Goodhart.Distillation.Teachers;

/// <summary>Asks another teacher once about each example and remembers its hidden states: for offline data, the same numbers for less work.</summary>
/// <remarks>From a hidden state the logits follow exactly, and it is smaller than they are by the vocabulary over the width.</remarks>
/// <param name="teacher">Whom to ask.</param>
/// <param name="largestBytes">Beyond this much memory examples are no longer remembered, only asked about.</param>
public sealed class CachedTeacher(ITeacher teacher, long largestBytes = 256L << 20) : ITeacher
{
    readonly Dictionary<Example, float[]> _hidden = new(ReferenceEqualityComparer.Instance);
    Tensor? _head;
    float[] _batch = [];
    long _bytes;

    /// <inheritdoc/>
    public Projection Project(ExampleBatch batch)
    {
        if (_head is null || !batch.Examples.All(_hidden.ContainsKey))
            return Ask(batch);

        Shape shape = new(batch.Rows.Length, _head.Shape.Columns);
        Array.Resize(ref _batch, shape.Length);
        int at = 0;
        foreach (Example example in batch.Examples)
        {
            _hidden[example].CopyTo(_batch, at);
            at += _hidden[example].Length;
        }

        return new Projection(Tensor.Constant(_batch, shape), _head);
    }

    Projection Ask(ExampleBatch batch)
    {
        Projection asked = teacher.Project(batch);
        _head = asked.Head;
        int row = 0;
        foreach (Example example in batch.Examples)
        {
            Span<float> own = asked.Hidden.Rows(row, example.CompletionLength);
            row += example.CompletionLength;
            if (_hidden.ContainsKey(example) || _bytes + own.Length * sizeof(float) > largestBytes)
                continue;
            _hidden.Add(example, own.ToArray());
            _bytes += own.Length * sizeof(float);
        }

        return asked;
    }
}
