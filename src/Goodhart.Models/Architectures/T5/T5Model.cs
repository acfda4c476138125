using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Architectures.T5;

/// <summary>The T5 transformer (Raffel et al. 2020): an encoder reads a source, a decoder writes a target from left to right.</summary>
public sealed class T5Model
{
    readonly T5Layer[] _encoder, _decoder;
    readonly Tensor _shared, _encoderNorm, _decoderNorm, _head, _encoderBias, _decoderBias;

    /// <summary>A model of given weights.</summary>
    /// <param name="config">Sizes and constants.</param>
    /// <param name="weights">Those that the config lists.</param>
    public T5Model(T5Config config, ParameterSet weights)
    {
        (Config, Parameters) = (config, weights);
        _encoder = [.. Enumerable.Range(0, config.NumLayers).Select(i => new T5Layer(weights, $"encoder.block.{i}.layer.", config.IsGated, isDecoder: false))];
        _decoder = [.. Enumerable.Range(0, config.NumDecoderLayers).Select(i => new T5Layer(weights, $"decoder.block.{i}.layer.", config.IsGated, isDecoder: true))];
        _encoderBias = weights["encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"];
        _decoderBias = weights["decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"];
        _shared = weights["shared.weight"];
        _encoderNorm = weights["encoder.final_layer_norm.weight"];
        _decoderNorm = weights["decoder.final_layer_norm.weight"];
        _head = config.TieWordEmbeddings ? _shared : weights["lm_head.weight"];
    }

    /// <summary>Sizes and constants.</summary>
    public T5Config Config { get; }

    /// <summary>The weights.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Reads config.json and the weights, sharded or not; F16 and BF16 are widened.</summary>
    /// <param name="directory">Where the model is.</param>
    /// <param name="trainable">Whether it has gradients. The F32 weights of a frozen model are not read but mapped.</param>
    /// <exception cref="CheckpointException">A file is missing, broken, or contradicts config.json.</exception>
    public static T5Model Load(string directory, bool trainable)
    {
        T5Config config = T5Config.Read(Path.Combine(directory, IModelConfig.FileName));
        if (config is { TieWordEmbeddings: true, ScaleDecoderOutputs: false } && HasHead(directory))
            config = config with { TieWordEmbeddings = false }; // Newer files call every T5 tied, and hold the head of those that are not.
        return new T5Model(config, WeightSet.Read(directory, config, trainable));
    }

    static bool HasHead(string directory)
    {
        using WeightFiles files = WeightFiles.Open(directory);
        return files.Names.Contains("lm_head.weight");
    }

    /// <summary>Writes config.json and the weights into a directory, made if absent.</summary>
    /// <exception cref="CheckpointException">A weight is not finite; nothing is written then.</exception>
    public void Save(string directory, WeightFormat? format = null)
    {
        format ??= new WeightFormat();
        Directory.CreateDirectory(directory);
        WeightWriter.Write(directory, WeightSet.Stored(Parameters, Config), format);
        Config.Write(directory, format.Type == SafetensorsType.BF16 ? "bfloat16" : "float32");
    }

    /// <summary>What the encoder makes of the sources.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="sources">B sequences of S ids, filled up on the right.</param>
    /// <param name="lengths">How many ids of each are not filling.</param>
    /// <returns>[B S, C].</returns>
    public Tensor Encode(Tape tape, TokenBatch sources, int[] lengths)
    {
        RelativeBias bias = Bias(_encoderBias, sources.Length, bidirectional: true);
        Tensor h = tape.Embedding(_shared, sources.Ids);                                                 // [N, C], N = B S
        foreach (T5Layer layer in _encoder)
            h = tape.Segment(h, x => FeedForward(tape, SelfAttention(tape, x, layer, lengths, bias, causal: false), layer));
        return tape.RmsNorm(h, _encoderNorm, Config.LayerNormEpsilon);
    }

    /// <summary>The decoder's last hidden states, normalised, and scaled where the head is the embedding.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="targets">B sequences of T ids, each begun with <see cref="T5Config.DecoderStartTokenId"/>.</param>
    /// <param name="encoded">[B S, C], of <see cref="Encode"/>.</param>
    /// <param name="sourceLengths">How many ids of each source are not filling.</param>
    /// <returns>[B T, C].</returns>
    public Tensor Hidden(Tape tape, TokenBatch targets, Tensor encoded, int[] sourceLengths)
    {
        RelativeBias bias = Bias(_decoderBias, targets.Length, bidirectional: false);
        int[] whole = new int[targets.Sequences.Count];
        Array.Fill(whole, targets.Length);
        Tensor h = tape.Embedding(_shared, targets.Ids);                                                 // [N, C], N = B T
        foreach (T5Layer layer in _decoder)
        {
            h = tape.Segment(h, x =>
            {
                x = SelfAttention(tape, x, layer, whole, bias, causal: true);
                return FeedForward(tape, CrossAttention(tape, x, layer, encoded, sourceLengths), layer);
            });
        }

        h = tape.RmsNorm(h, _decoderNorm, Config.LayerNormEpsilon);
        return Config.ScaleDecoderOutputs ? tape.Scale(h, 1 / MathF.Sqrt(Config.DModel)) : h;
    }

    /// <summary>Next-token logits that a loss computes as far as it needs them.</summary>
    /// <param name="hidden">[N, C], of <see cref="Hidden"/> or some of its rows.</param>
    public Projection Project(Tensor hidden) => new(hidden, _head);

    /// <summary>Next-token logits.</summary>
    /// <param name="tape">What to compute on.</param>
    /// <param name="hidden">[N, C], of <see cref="Hidden"/> or some of its rows.</param>
    /// <returns>[N, V].</returns>
    public Tensor Logits(Tape tape, Tensor hidden) => tape.Linear(hidden, _head);

    Tensor SelfAttention(Tape tape, Tensor h, T5Layer layer, int[] lengths, RelativeBias bias, bool causal)
    {
        Tensor x = tape.RmsNorm(h, layer.Self.Norm, Config.LayerNormEpsilon);
        return Attend(tape, h, layer.Self, x, x, lengths, bias, causal);
    }

    Tensor CrossAttention(Tape tape, Tensor h, T5Layer layer, Tensor encoded, int[] lengths) =>
        Attend(tape, h, layer.Cross!, tape.RmsNorm(h, layer.Cross!.Norm, Config.LayerNormEpsilon), encoded, lengths, bias: null, causal: false);

    Tensor Attend(Tape tape, Tensor h, T5Attention attention, Tensor from, Tensor to, int[] lengths, RelativeBias? bias, bool causal)
    {
        Tensor q = tape.Linear(from, attention.Q), k = tape.Linear(to, attention.K), v = tape.Linear(to, attention.V);  // [N, H D]
        Tensor o = tape.BiasedAttention(q, k, v, lengths, Config.NumHeads, bias, causal);
        return tape.Add(h, tape.Linear(o, attention.O));
    }

    Tensor FeedForward(Tape tape, Tensor h, T5Layer layer)
    {
        Tensor x = tape.RmsNorm(h, layer.FeedForwardNorm, Config.LayerNormEpsilon);
        Tensor f = tape.Linear(x, layer.Wi);                                                             // [N, F]
        f = Config.FeedForwardProj switch
        {
            "gated-gelu" => tape.Multiply(tape.Gelu(f), tape.Linear(x, layer.WiGated!)),
            "gated-silu" => tape.SwiGlu(f, tape.Linear(x, layer.WiGated!)),
            _ => tape.Relu(f),
        };
        return tape.Add(h, tape.Linear(f, layer.Wo));
    }

    RelativeBias Bias(Tensor table, int time, bool bidirectional) => new(
        table, DistanceBuckets.Of(time, time, bidirectional, Config.RelativeAttentionNumBuckets, Config.RelativeAttentionMaxDistance));
}

/// <summary>The weights of one attention, by their checkpoint names.</summary>
sealed class T5Attention(ParameterSet weights, string part, string name)
{
    public Tensor Norm { get; } = weights[$"{part}.layer_norm.weight"];

    public Tensor Q { get; } = weights[$"{part}.{name}.q.weight"];

    public Tensor K { get; } = weights[$"{part}.{name}.k.weight"];

    public Tensor V { get; } = weights[$"{part}.{name}.v.weight"];

    public Tensor O { get; } = weights[$"{part}.{name}.o.weight"];
}

/// <summary>The weights of one layer, by their checkpoint names.</summary>
sealed class T5Layer(ParameterSet weights, string layer, bool isGated, bool isDecoder)
{
    readonly string _feedForward = layer + (isDecoder ? 2 : 1);

    public T5Attention Self { get; } = new(weights, layer + "0", "SelfAttention");

    public T5Attention? Cross { get; } = isDecoder ? new(weights, layer + "1", "EncDecAttention") : null;

    public Tensor FeedForwardNorm => weights[_feedForward + ".layer_norm.weight"];

    public Tensor Wi => weights[$"{_feedForward}.DenseReluDense.{(isGated ? "wi_0" : "wi")}.weight"];

    public Tensor? WiGated => weights.Find(_feedForward + ".DenseReluDense.wi_1.weight");

    public Tensor Wo => weights[_feedForward + ".DenseReluDense.wo.weight"];
}
