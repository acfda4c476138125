using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

/// <summary>Logits that are not held: hidden transpose(head), computed where and as far as they are needed.</summary>
/// <param name="Hidden">[N, C].</param>
/// <param name="Head">[V, C], the output projection.</param>
public readonly record struct Projection(Tensor Hidden, Tensor Head)
{
    /// <summary>[N, V], what the logits would have.</summary>
    public Shape Shape => new(Hidden.Shape.Rows, Head.Shape.Rows);
}
