using Goodhart.Engine.Memory;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Whether the backward pass computes the intermediates of a <see cref="Segment"/> again instead of keeping them (Chen et al. 2016). Default false.</summary>
    /// <remarks>The same bits for less memory and another forward pass of the segments: about a third more work.</remarks>
    public bool GradientCheckpointing { get; init; }

    /// <summary>A part of a model, say a layer, whose intermediates need not outlive it: without recording, or with <see cref="GradientCheckpointing"/>, only its result is kept.</summary>
    /// <param name="input">What the part takes from the part before; weights it may take from anywhere.</param>
    /// <param name="body">The part, from its input; may run twice.</param>
    /// <returns>What <paramref name="body"/> returns.</returns>
    public Tensor Segment(Tensor input, Func<Tensor, Tensor> body)
    {
        if (IsRecording && !GradientCheckpointing)
            return body(input);

        bool wasRecording = IsRecording;
        ArenaMark mark = _arena.Mark();
        IsRecording = false;
        Tensor result = body(input);
        IsRecording = wasRecording;
        _arena.Rewind(mark);
        // The weights in the body are not known here; while recording they are taken to be trained.
        Tensor kept = new(_arena.Take(result.Shape.Length), result.Shape, requiresGradient: IsRecording);
        result.Data.CopyTo(kept.Data);
        if (IsRecording)
            _ops.Add(new SegmentOp(input, body, kept));
        return kept;
    }

    sealed class SegmentOp(Tensor input, Func<Tensor, Tensor> body, Tensor result) : Op(result)
    {
        public override void Backward(Tape tape)
        {
            ArenaMark mark = tape._arena.Mark();
            int first = tape._ops.Count;
            Tensor again = body(input);
            if (again.RequiresGradient)
            {
                tape.GradientOf(Output).CopyTo(tape.GradientOf(again));
                tape.Replay(first);
            }

            tape._arena.Rewind(mark);
        }
    }
}
