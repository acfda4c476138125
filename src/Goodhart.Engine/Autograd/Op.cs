using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

/// <summary>One recorded operation: what to do when the gradient of its output is known.</summary>
/// <param name="output">The tensor it made.</param>
abstract class Op(Tensor output)
{
    public Tensor Output { get; } = output;

    /// <summary>Adds to the gradients of the inputs.</summary>
    public abstract void Backward(Tape tape);
}
