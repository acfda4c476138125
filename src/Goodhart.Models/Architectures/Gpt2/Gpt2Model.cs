using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Adapters;
using Goodhart.Models.Generation;

namespace Goodhart.Models.Architectures.Gpt2;

/// <summary>The GPT-2 transformer (Radford et al. 2019): layer norms with bias, learned positions.</summary>
public sealed class Gpt2Model : ICausalLm
{
    readonly Gpt2Layer[] _layers;
    readonly Tensor _tokens, _positions, _normWeight, _normBias, _head;

    /// <summary>A model of given weights.</summary>
    /// <param name="config">Sizes and constants.</param>
    /// <param name="weights">Those that the config lists.</param>
    /// <param name="adapter">What is added to them; null for nothing.</param>
    public Gpt2Model(Gpt2Config config, ParameterSet weights, LoraAdapter? adapter = null)
    {
        (Config, Weights, Adapter) = (config, weights, adapter);
        adapter?.Check(weights);
        _layers = [.. Enumerable.Range(0, config.NLayer).Select(i => new Gpt2Layer(weights, i, adapter))];
        _tokens = weights["transformer.wte.weight"];
        _positions = weights["transformer.wpe.weight"];
        _normWeight = weights["transformer.ln_f.weight"];
        _normBias = weights["transformer.ln_f.bias"];
        _head = config.TieWordEmbeddings ? _tokens : weights["lm_head.weight"];
    }

    /// <summary>Sizes and constants.</summary>
    public Gpt2Config Config { get; }

    IModelConfig ICausalLm.Config => Config;

    /// <inheritdoc/>
    public ParameterSet Weights { get; }

    /// <inheritdoc/>
    public LoraAdapter? Adapter { get; }

    /// <summary>A new trainable model: normal weights of initializer_range, those that write to the residual stream smaller by 1 / sqrt(2 L).</summary>
    public static Gpt2Model Initialize(Gpt2Config config, Rng rng)
    {
        ParameterSet weights = new(config.Weights, trainable: true);
        double residual = 1 / Math.Sqrt(2.0 * config.NLayer);
        foreach (Parameter parameter in weights.All)
        {
            double deviation = config.InitializerRange * (parameter.Name.EndsWith("c_proj.weight", StringComparison.Ordinal) ? residual : 1);
            bool isBias = parameter.Name.EndsWith(".bias", StringComparison.Ordinal);
            foreach (ref float weight in parameter.Value.Data)
                weight = parameter.IsMatrix ? (float)(rng.NextGaussian() * deviation) : isBias ? 0 : 1;
        }

        return new Gpt2Model(config, weights);
    }

    /// <inheritdoc/>
    public ICausalLm Copy(bool trainable)
    {
        if (Adapter is not null)
            return With(Adapter.Copy(trainable));
        ParameterSet copy = new(Config.Weights, trainable);
        copy.CopyFrom(Weights);
        return new Gpt2Model(Config, copy);
    }

    /// <inheritdoc/>
    public ICausalLm With(LoraAdapter adapter) => new Gpt2Model(Config, Weights, adapter);

    /// <inheritdoc/>
    public KvCache NewCache(int slots, int capacity) => new([.. Enumerable.Range(0, Config.NLayer)
        .Select(_ => new AttentionCache(slots, capacity, Config.NHead, Config.NEmbd / Config.NHead))]);

    /// <inheritdoc/>
    public Tensor Hidden(Tape tape, TokenBatch batch, KvCache? cache = null)
    {
        Tensor h = tape.Add(tape.Embedding(_tokens, batch.Ids), tape.Embedding(_positions, batch.Positions));     // [N, C], N = B T
        for (int i = 0; i < _layers.Length; i++)
        {
            int layer = i;
            h = tape.Segment(h, x => Layer(tape, x, layer, batch, cache));
        }

        return tape.LayerNorm(h, _normWeight, _normBias, Config.LayerNormEpsilon);
    }

    /// <inheritdoc/>
    public Projection Project(Tensor hidden) => new(hidden, _head);

    Tensor Layer(Tape tape, Tensor h, int index, TokenBatch batch, KvCache? cache)
    {
        Gpt2Layer layer = _layers[index];
        int width = Config.NEmbd;
        Tensor x = tape.LayerNorm(h, layer.Norm1Weight, layer.Norm1Bias, Config.LayerNormEpsilon);
        Tensor qkv = layer.Attention.Forward(tape, x);                                                             // [N, 3 C]
        Tensor q = tape.Columns(qkv, 0, width), k = tape.Columns(qkv, width, width), v = tape.Columns(qkv, 2 * width, width);
        Tensor o = cache is null
            ? tape.CausalAttention(q, k, v, batch.Sequences, Config.NHead, Config.NHead)
            : tape.CachedAttention(q, k, v, cache.Layer(index), cache.ActiveSlots, Config.NHead);
        h = tape.Add(h, layer.AttentionProjection.Forward(tape, o));

        x = layer.Inner.Forward(tape, tape.LayerNorm(h, layer.Norm2Weight, layer.Norm2Bias, Config.LayerNormEpsilon)); // [N, F]
        x = Config.ActivationFunction == "relu" ? tape.Relu(x) : tape.Gelu(x);
        return tape.Add(h, layer.InnerProjection.Forward(tape, x));
    }
}

/// <summary>The weights of one layer, by their checkpoint names.</summary>
sealed class Gpt2Layer(ParameterSet weights, int index, LoraAdapter? adapter)
{
    public Tensor Norm1Weight { get; } = weights[$"transformer.h.{index}.ln_1.weight"];

    public Tensor Norm1Bias { get; } = weights[$"transformer.h.{index}.ln_1.bias"];

    public LinearLayer Attention { get; } = new(weights, $"transformer.h.{index}.attn.c_attn", adapter);

    public LinearLayer AttentionProjection { get; } = new(weights, $"transformer.h.{index}.attn.c_proj", adapter);

    public Tensor Norm2Weight { get; } = weights[$"transformer.h.{index}.ln_2.weight"];

    public Tensor Norm2Bias { get; } = weights[$"transformer.h.{index}.ln_2.bias"];

    public LinearLayer Inner { get; } = new(weights, $"transformer.h.{index}.mlp.c_fc", adapter);

    public LinearLayer InnerProjection { get; } = new(weights, $"transformer.h.{index}.mlp.c_proj", adapter);
}
