using Goodhart.Engine.Tensors;

namespace Goodhart.Models.Adapters;

/// <summary>What an adapter adds to one matrix: W + scale B A.</summary>
/// <param name="A">[r, in].</param>
/// <param name="B">[out, r].</param>
/// <param name="Scale">lora_alpha / r, or lora_alpha / sqrt(r) for rank-stabilised adapters.</param>
public sealed record LowRank(Tensor A, Tensor B, float Scale);
