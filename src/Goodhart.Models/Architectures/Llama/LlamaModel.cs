using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Adapters;
using Goodhart.Models.Generation;

namespace Goodhart.Models.Architectures.Llama;

/// <summary>The Llama transformer (Touvron et al. 2023) and its kin: ids in, hidden states and logits out.</summary>
public sealed class LlamaModel : ICausalLm
{
    readonly LlamaLayer[] _layers;
    readonly RopeTable _rope;
    readonly Tensor _embedTokens, _norm, _lmHead;

    /// <summary>A model with zero weights, to be filled.</summary>
    /// <param name="config">Sizes and constants.</param>
    /// <param name="trainable">Whether it has gradients.</param>
    public LlamaModel(LlamaConfig config, bool trainable)
        : this(config, new ParameterSet(config.Weights, trainable))
    {
    }

    /// <summary>A model of given weights.</summary>
    /// <param name="config">Sizes and constants.</param>
    /// <param name="weights">Those that the config lists.</param>
    /// <param name="adapter">What is added to them; null for nothing.</param>
    public LlamaModel(LlamaConfig config, ParameterSet weights, LoraAdapter? adapter = null)
    {
        (Config, Weights, Adapter) = (config, weights, adapter);
        adapter?.Check(weights);
        double[] frequencies = RopeTable.Frequencies(config.HeadDim, config.RopeTheta);
        _rope = new RopeTable(config.MaxPositionEmbeddings, config.RopeScaling?.Apply(frequencies) ?? frequencies);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(i => new LlamaLayer(weights, i, adapter))];
        _embedTokens = weights["model.embed_tokens.weight"];
        _norm = weights["model.norm.weight"];
        _lmHead = config.TieWordEmbeddings ? _embedTokens : weights["lm_head.weight"];
    }

    /// <summary>Sizes and constants.</summary>
    public LlamaConfig Config { get; }

    IModelConfig ICausalLm.Config => Config;

    /// <inheritdoc/>
    public ParameterSet Weights { get; }

    /// <inheritdoc/>
    public LoraAdapter? Adapter { get; }

    /// <inheritdoc cref="ICausalLm.Parameters"/>
    public ParameterSet Parameters => Adapter?.Parameters ?? Weights;

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
                weight = parameter.IsMatrix ? (float)(rng.NextGaussian() * deviation) : parameter.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1;
        }

        return model;
    }

    /// <summary>A model of the same sizes and weights, with memory of its own for what is trained.</summary>
    public LlamaModel Copy(bool trainable)
    {
        if (Adapter is not null)
            return With(Adapter.Copy(trainable));
        LlamaModel copy = new(Config, trainable);
        copy.Weights.CopyFrom(Weights);
        return copy;
    }

    ICausalLm ICausalLm.Copy(bool trainable) => Copy(trainable);

    /// <inheritdoc cref="ICausalLm.With"/>
    public LlamaModel With(LoraAdapter adapter) => new(Config, Weights, adapter);

    ICausalLm ICausalLm.With(LoraAdapter adapter) => With(adapter);

    /// <inheritdoc/>
    public KvCache NewCache(int slots, int capacity) => new([.. Enumerable.Range(0, Config.NumHiddenLayers)
        .Select(i => new AttentionCache(slots, capacity, Config.NumKeyValueHeads, Config.HeadDim, Config.WindowOf(i)))]);

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
            h = tape.Segment(h, x => Layer(tape, x, layer, batch, cache));
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

    Tensor Layer(Tape tape, Tensor h, int index, TokenBatch batch, KvCache? cache)
    {
        LlamaLayer layer = _layers[index];
        Tensor x = tape.RmsNorm(h, layer.InputLayerNorm, Config.RmsNormEps);
        Tensor q = Turned(tape, layer.QProj.Forward(tape, x), layer.QNorm, Config.NumAttentionHeads, batch);      // [N, H D]
        Tensor k = Turned(tape, layer.KProj.Forward(tape, x), layer.KNorm, Config.NumKeyValueHeads, batch);       // [N, K D]
        Tensor v = layer.VProj.Forward(tape, x);                                                                  // [N, K D]
        Tensor o = cache is null
            ? tape.CausalAttention(q, k, v, batch.Sequences, Config.NumAttentionHeads, Config.NumKeyValueHeads, Config.WindowOf(index))
            : tape.CachedAttention(q, k, v, cache.Layer(index), cache.ActiveSlots, Config.NumAttentionHeads);
        h = tape.Add(h, layer.OProj.Forward(tape, o));

        x = tape.RmsNorm(h, layer.PostAttentionLayerNorm, Config.RmsNormEps);
        Tensor f = tape.SwiGlu(layer.GateProj.Forward(tape, x), layer.UpProj.Forward(tape, x));                   // [N, F]
        return tape.Add(h, layer.DownProj.Forward(tape, f));
    }

    /// <summary>Each head normalised, where the model does that, and turned by its position.</summary>
    Tensor Turned(Tape tape, Tensor x, Tensor? norm, int heads, TokenBatch batch) =>
        tape.Rope(norm is null ? x : tape.RmsNorm(x, norm, Config.RmsNormEps, heads), _rope, batch.Positions);
}

/// <summary>The weights of one layer, by their checkpoint names.</summary>
sealed class LlamaLayer(ParameterSet weights, int index, LoraAdapter? adapter)
{
    public Tensor InputLayerNorm { get; } = weights[$"model.layers.{index}.input_layernorm.weight"];

    public LinearLayer QProj { get; } = new(weights, $"model.layers.{index}.self_attn.q_proj", adapter);

    public LinearLayer KProj { get; } = new(weights, $"model.layers.{index}.self_attn.k_proj", adapter);

    public LinearLayer VProj { get; } = new(weights, $"model.layers.{index}.self_attn.v_proj", adapter);

    public LinearLayer OProj { get; } = new(weights, $"model.layers.{index}.self_attn.o_proj", adapter);

    public Tensor? QNorm { get; } = weights.Find($"model.layers.{index}.self_attn.q_norm.weight");

    public Tensor? KNorm { get; } = weights.Find($"model.layers.{index}.self_attn.k_norm.weight");

    public Tensor PostAttentionLayerNorm { get; } = weights[$"model.layers.{index}.post_attention_layernorm.weight"];

    public LinearLayer GateProj { get; } = new(weights, $"model.layers.{index}.mlp.gate_proj", adapter);

    public LinearLayer UpProj { get; } = new(weights, $"model.layers.{index}.mlp.up_proj", adapter);

    public LinearLayer DownProj { get; } = new(weights, $"model.layers.{index}.mlp.down_proj", adapter);
}
