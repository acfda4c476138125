using System.Diagnostics;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Autograd;

/// <summary>Runs operations, remembers which ran on which tensors, and replays their derivatives backwards.</summary>
/// <remarks>
/// Intermediates live in the tape's arena until <see cref="Reset"/>. Not thread-safe: one tape for each concurrent computation;
/// tapes may share <see cref="Workers"/>.
/// </remarks>
public sealed partial class Tape
{
    readonly Workers _workers;
    readonly Arena _arena = new();
    readonly GradientPool _gradients = new();
    readonly List<Op> _ops = [];
    long _opStarted;

    /// <summary>Makes an empty tape.</summary>
    /// <param name="workers">The threads that ops share their rows among.</param>
    /// <param name="recording">False for teachers, evaluation and generation: the same code, no trace, no gradients.</param>
    public Tape(Workers workers, bool recording = true)
    {
        _workers = workers;
        IsRecording = recording;
    }

    /// <summary>Whether ops are remembered for <see cref="Backward"/>.</summary>
    public bool IsRecording { get; private set; }

    /// <summary>The most bytes of intermediates that were alive at once.</summary>
    public long PeakActivationBytes => _arena.PeakBytes;

    /// <summary>Bytes set aside for gradients of intermediates.</summary>
    public long GradientBytes => _gradients.CapacityBytes;

    /// <summary>Adds d(loss)/d(parameter) to the gradient of every parameter that <paramref name="loss"/> was computed from.</summary>
    /// <param name="loss">[1, 1].</param>
    public void Backward(Tensor loss)
    {
        Throw.UnlessShape(nameof(Backward), loss, new Shape(1, 1), nameof(loss));
        Throw.Unless(loss.RequiresGradient, "Backward: the loss does not depend on anything that is trained.");

        GradientOf(loss)[0] = 1;
        Replay(0);
    }

    /// <summary>Forgets all ops and takes back all intermediates; tensors made on this tape must not be used any more.</summary>
    public void Reset()
    {
        foreach (Op op in _ops)
            Recycle(op.Output);
        _ops.Clear();
        _arena.Reset();
    }

    /// <summary>A constant in the arena, to be filled by the caller.</summary>
    public Tensor Constant(Shape shape) => New(shape);

    /// <summary>Replays the ops from <paramref name="first"/> on backwards, and forgets them.</summary>
    void Replay(int first)
    {
        for (int i = _ops.Count - 1; i >= first; i--)
        {
            Op op = _ops[i];
            StartOp();
            if (!op.Output.Gradient.IsEmpty)
                op.Backward(this);
            if (op is not SegmentOp)    // Its ops have told their own times.
                _workers.Profile?.Add(op, _opStarted, isBackward: true);
            Recycle(op.Output);
        }

        _ops.RemoveRange(first, _ops.Count - first);
    }

    /// <summary>An output, with whatever the arena held; it has a gradient if one of the inputs does.</summary>
    Tensor New(Shape shape, params ReadOnlySpan<Tensor> inputs)
    {
        StartOp();
        bool requiresGradient = false;
        foreach (Tensor input in inputs)
            requiresGradient |= input.RequiresGradient;
        return new Tensor(_arena.Take(shape.Length), shape, requiresGradient && IsRecording);
    }

    /// <summary>Begins the time that a profile counts for an op; its output is made first.</summary>
    void StartOp() => _opStarted = _workers.Profile is null ? 0 : Stopwatch.GetTimestamp();

    Tensor Record(Op op)
    {
        _workers.Profile?.Add(op, _opStarted, isBackward: false);
        if (op.Output.RequiresGradient)
            _ops.Add(op);
        return op.Output;
    }

    /// <summary>The gradient, zeroed on first use; empty for a tensor that needs none.</summary>
    Span<float> GradientOf(Tensor tensor) => GradientBlock(tensor).Span;

    /// <summary><see cref="GradientOf"/> in a form that other threads can share.</summary>
    Memory<float> GradientBlock(Tensor tensor)
    {
        if (tensor.RequiresGradient && tensor.Gradient.IsEmpty)
            tensor.Gradient = _gradients.Rent(tensor.Shape.Length);
        return tensor.Gradient;
    }

    void Recycle(Tensor tensor)
    {
        if (tensor.OwnsGradient || tensor.Gradient.IsEmpty)
            return;
        _gradients.Return(tensor.Gradient);
        tensor.Gradient = Memory<float>.Empty;
    }
}
