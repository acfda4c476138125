using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Adapters;
using Goodhart.Models.Generation;

namespace Goodhart.Models;

/// <summary>A language model that reads from left to right: ids in, hidden states and next-token logits out.</summary>
public interface ICausalLm
{
    /// <summary>Sizes, constants and special ids.</summary>
    IModelConfig Config { get; }

    /// <summary>All weights of the model itself, by their checkpoint names.</summary>
    ParameterSet Weights { get; }

    /// <summary>What is trained: the weights, or those of the adapter where there is one.</summary>
    ParameterSet Parameters => Adapter?.Parameters ?? Weights;

    /// <summary>The low-rank adapter that is added to the weights; null for none.</summary>
    LoraAdapter? Adapter { get; }

    /// <summary>The last hidden states, normalised.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="batch">B sequences of T ids.</param>
    /// <param name="cache">Where the sequences so far are remembered and continued; null for whole sequences.</param>
    /// <returns>[B T, C].</returns>
    Tensor Hidden(Tape tape, TokenBatch batch, KvCache? cache = null);

    /// <summary>Next-token logits that a loss computes as far as it needs them.</summary>
    /// <param name="hidden">[N, C], of <see cref="Hidden"/> or some of its rows.</param>
    Projection Project(Tensor hidden);

    /// <summary>Next-token logits.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="hidden">[N, C], of <see cref="Hidden"/> or some of its rows.</param>
    /// <returns>[N, V].</returns>
    Tensor Logits(Tape tape, Tensor hidden) => tape.Linear(hidden, Project(hidden).Head);

    /// <summary>An empty memory for generation.</summary>
    /// <param name="slots">Sequences at once.</param>
    /// <param name="capacity">Tokens of the longest sequence.</param>
    KvCache NewCache(int slots, int capacity);

    /// <summary>A model of the same sizes and weights, with memory of its own for what is trained.</summary>
    ICausalLm Copy(bool trainable);

    /// <summary>A model that shares these weights and adds an adapter to them.</summary>
    ICausalLm With(LoraAdapter adapter);
}
