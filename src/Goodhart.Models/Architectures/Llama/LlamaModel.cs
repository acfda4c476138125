using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Generation;

namespace Goodhart.Models.Architectures.Llama;

/// <summary>The Llama transformer (Touvron et al. 2023): ids in, hidden states and logits out.</summary>
public sealed class LlamaModel
{
    readonly LlamaLayer[] _layers;
    readonly RopeTable _rope;
    readonly Tensor _embedTokens, _norm, _lmHead;

    /// <summary>A model with zero weights, to be filled.</summary>
    /// <param name="config">Sizes and constants.</param>
    /// <param name="trainable">Whether it has gradients.</param>
    public LlamaModel(LlamaConfig config, bool trainable)
    {
        (Config, Parameters) = (config, new ParameterSet(config.Weights, trainable));
        _rope = new RopeTable(config.MaxPositionEmbeddings, config.HeadDim, config.RopeTheta);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(i => new LlamaLayer(Parameters, i))];
        _embedTokens = Parameters["model.embed_tokens.weight"];
        _norm = Parameters["model.norm.weight"];
        _lmHead = config.TieWordEmbeddings ? _embedTokens : Parameters["lm_head.weight"];
    }

    /// <summary>Sizes and constants.</summary>
    public LlamaConfig Config { get; }

    /// <summary>The weights.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>A new trainable model: normal weights of initializer_range, those that write to the residual stream smaller by 1 / sqrt(2 L).</summary>
    public static LlamaModel Initialize(LlamaConfig config, Rng rng)
    {
        LlamaModel model = new(config, trainable: true);
        double residual = 1 / Math.Sqrt(2.0 * config.NumHiddenLayers);
        foreach (Parameter parameter in model.Parameters.All)
        {
            bool writesResidual = parameter.Name.EndsWith("o_proj.weight", StringComparison.Ordinal)
                || parameter.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            double deviation = config.InitializerRange * (writesResidual ? residual : 1);
            foreach (ref float weight in parameter.Value.Data)
                weight = parameter.IsMatrix ? (float)(rng.NextGaussian() * deviation) : 1;
        }

        return model;
    }

    /// <summary>A model of the same sizes and weights, with memory of its own.</summary>
    public LlamaModel Copy(bool trainable)
    {
        LlamaModel copy = new(Config, trainable);
        copy.Parameters.CopyFrom(Parameters);
        return copy;
    }

    /// <summary>The last hidden states, normalised.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="batch">B sequences of T ids.</param>
    /// <param name="cache">Where the sequences so far are remembered and continued; null for whole sequences.</param>
    /// <returns>[B T, C].</returns>
    public Tensor Hidden(Tape tape, TokenBatch batch, KvCache? cache = null)
    {
        Tensor h = tape.Embedding(_embedTokens, batch.Ids);                                    // [N, C], N = B T
        for (int i = 0; i < _layers.Length; i++)
        {
            int layer = i;
            h = tape.Segment(h, x => Layer(tape, x, _layers[layer], batch, cache?.Layer(layer), cache?.ActiveSlots ?? default));
        }

        return tape.RmsNorm(h, _norm, Config.RmsNormEps);
    }

    /// <summary>Next-token logits.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="hidden">[N, C], of <see cref="Hidden"/> or some of its rows.</param>
    /// <returns>[N, V].</returns>
    public Tensor Logits(Tape tape, Tensor hidden) => tape.Linear(hidden, _lmHead);

    /// <summary>Next-token logits that a loss computes as far as it needs them.</summary>
    /// <param name="hidden">[N, C], of <see cref="Hidden"/> or some of its rows.</param>
    public Projection Project(Tensor hidden) => new(hidden, _lmHead);

    Tensor Layer(Tape tape, Tensor h, LlamaLayer layer, TokenBatch batch, AttentionCache? cache, ReadOnlyMemory<int> slots)
    {
        Tensor x = tape.RmsNorm(h, layer.InputLayerNorm, Config.RmsNormEps);
        Tensor q = tape.Rope(tape.Linear(x, layer.QProj), _rope, batch.Positions);                 // [N, H D]
        Tensor k = tape.Rope(tape.Linear(x, layer.KProj), _rope, batch.Positions);                 // [N, K D]
        Tensor v = tape.Linear(x, layer.VProj);                                                    // [N, K D]
        Tensor o = cache is null
            ? tape.CausalAttention(q, k, v, batch.Length, Config.NumAttentionHeads, Config.NumKeyValueHeads)
            : tape.CachedAttention(q, k, v, cache, slots, Config.NumAttentionHeads);
        h = tape.Add(h, tape.Linear(o, layer.OProj));

        x = tape.RmsNorm(h, layer.PostAttentionLayerNorm, Config.RmsNormEps);
        Tensor f = tape.SwiGlu(tape.Linear(x, layer.GateProj), tape.Linear(x, layer.UpProj));      // [N, F]
        return tape.Add(h, tape.Linear(f, layer.DownProj));
    }
}

/// <summary>The weights of one layer, by their checkpoint names.</summary>
sealed class LlamaLayer(ParameterSet parameters, int index)
{
    public Tensor InputLayerNorm { get; } = parameters[$"model.layers.{index}.input_layernorm.weight"];

    public Tensor QProj { get; } = parameters[$"model.layers.{index}.self_attn.q_proj.weight"];

    public Tensor KProj { get; } = parameters[$"model.layers.{index}.self_attn.k_proj.weight"];

    public Tensor VProj { get; } = parameters[$"model.layers.{index}.self_attn.v_proj.weight"];

    public Tensor OProj { get; } = parameters[$"model.layers.{index}.self_attn.o_proj.weight"];

    public Tensor PostAttentionLayerNorm { get; } = parameters[$"model.layers.{index}.post_attention_layernorm.weight"];

    public Tensor GateProj { get; } = parameters[$"model.layers.{index}.mlp.gate_proj.weight"];

    public Tensor UpProj { get; } = parameters[$"model.layers.{index}.mlp.up_proj.weight"];

    public Tensor DownProj { get; } = parameters[$"model.layers.{index}.mlp.down_proj.weight"];
}
