using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Adapters;

namespace Goodhart.Models.Architectures;

/// <summary>x transpose(W) + b, and what an adapter adds: scale x transpose(A) transpose(B).</summary>
sealed class LinearLayer
{
    readonly Tensor _weight;
    readonly Tensor? _bias;
    readonly LowRank? _adapter;

    /// <param name="weights">Of the model.</param>
    /// <param name="name">The module, such as model.layers.0.self_attn.q_proj.</param>
    /// <param name="adapter">Of the model; null for none.</param>
    public LinearLayer(ParameterSet weights, string name, LoraAdapter? adapter)
    {
        _weight = weights[name + ".weight"];
        _bias = weights.Find(name + ".bias");
        _adapter = adapter?.Find(name);
    }

    /// <summary>[N, out] of x [N, in].</summary>
    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor y = tape.Linear(x, _weight, _bias);
        return _adapter is null
            ? y
            : tape.Add(y, tape.Scale(tape.Linear(tape.Linear(x, _adapter.A), _adapter.B), _adapter.Scale));
    }
}
