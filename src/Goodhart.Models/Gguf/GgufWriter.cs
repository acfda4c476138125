using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Gguf;

/// <summary>Writes Llama, Mistral, Qwen2 and Qwen3 models as GGUF files, version 3, which llama.cpp and its kin run.</summary>
public static class GgufWriter
{
    const int Alignment = 32, ChunkValues = 1 << 15;

    /// <summary>Writes all of a model or, on failure, no file at all.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="model">Without an adapter.</param>
    /// <param name="tokenizer">The tokenizer.ggml.* metadata: long, double, bool, string, or lists of one of these. Empty for a model without words.</param>
    /// <param name="type">Of the matrices, F32 or F16; vectors are always F32.</param>
    /// <exception cref="CheckpointException">A weight is not finite, or is too large for F16.</exception>
    public static void Write(string path, LlamaModel model, IReadOnlyDictionary<string, object> tokenizer, GgufTensorType type = GgufTensorType.F32)
    {
        if (type is not (GgufTensorType.F32 or GgufTensorType.F16))
            throw new ArgumentException($"Writes F32 or F16, not {type}.", nameof(type));
        if (model.Adapter is not null)
            throw new ArgumentException("GgufWriter: writes a model without an adapter; merge it.", nameof(model));

        string architecture = GgufNames.Architecture(model.Config);
        List<Stored> tensors = [.. model.Weights.All.Select(weight => new Stored(
            GgufNames.Of(weight.Name), weight, weight.IsMatrix ? type : GgufTensorType.F32, GgufNames.HasNeighbouringPairs(architecture, weight.Name)))];
        if (model.Config.RopeScaling is { RopeType: RopeScaling.Llama3 } scaling)
            tensors.Insert(0, Factors(model.Config, scaling));
        foreach (Stored tensor in tensors)
            Check(path, tensor);

        byte[] header = Header(Metadata(model.Config, architecture, tokenizer, type), tensors);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (Stored tensor in tensors)
            {
                WriteValues(stream, tensor, model.Config.HeadDim);
                stream.Write(new byte[(int)(Padded(tensor.Bytes) - tensor.Bytes)]);
            }
        });
    }

    static List<(string Key, object Value)> Metadata(
        LlamaConfig config, string architecture, IReadOnlyDictionary<string, object> tokenizer, GgufTensorType type)
    {
        List<(string Key, object Value)> metadata =
        [
            ("general.architecture", architecture),
            ("general.file_type", (uint)type),
            ($"{architecture}.context_length", (uint)config.MaxPositionEmbeddings),
            ($"{architecture}.embedding_length", (uint)config.HiddenSize),
            ($"{architecture}.block_count", (uint)config.NumHiddenLayers),
            ($"{architecture}.feed_forward_length", (uint)config.IntermediateSize),
            ($"{architecture}.attention.head_count", (uint)config.NumAttentionHeads),
            ($"{architecture}.attention.head_count_kv", (uint)config.NumKeyValueHeads),
            ($"{architecture}.attention.key_length", (uint)config.HeadDim),
            ($"{architecture}.attention.value_length", (uint)config.HeadDim),
            ($"{architecture}.attention.layer_norm_rms_epsilon", config.RmsNormEps),
            ($"{architecture}.rope.dimension_count", (uint)config.HeadDim),
            ($"{architecture}.rope.freq_base", config.RopeTheta),
            ($"{architecture}.vocab_size", (uint)config.VocabSize),
        ];
        if (config.SlidingWindow is int window)
            metadata.Add(($"{architecture}.attention.sliding_window", (uint)window));
        if (config.RopeScaling is { RopeType: RopeScaling.Linear } scaling)
        {
            metadata.Add(($"{architecture}.rope.scaling.type", "linear"));
            metadata.Add(($"{architecture}.rope.scaling.factor", scaling.Factor));
        }

        if (!tokenizer.ContainsKey("tokenizer.ggml.model"))
            metadata.Add(("tokenizer.ggml.model", "no_vocab"));
        if (config.BosTokenId is int bos)
            metadata.Add(("tokenizer.ggml.bos_token_id", (uint)bos));
        if (config.EosTokenId is [int eos, ..])
            metadata.Add(("tokenizer.ggml.eos_token_id", (uint)eos));
        if (config.PadTokenId is int pad)
            metadata.Add(("tokenizer.ggml.padding_token_id", (uint)pad));
        metadata.AddRange(tokenizer.Where(entry => metadata.All(own => own.Key != entry.Key)).Select(entry => (entry.Key, entry.Value)));
        return metadata;
    }

    static Stored Factors(LlamaConfig config, RopeScaling scaling)
    {
        double[] plain = Engine.Autograd.RopeTable.Frequencies(config.HeadDim, config.RopeTheta), scaled = scaling.Apply(plain);
        float[] factors = [.. plain.Zip(scaled, (frequency, slowed) => (float)(frequency / slowed))];
        Parameter parameter = new(GgufNames.RopeFactors, [factors.Length], Tensor.Constant(factors, new Shape(1, factors.Length)));
        return new Stored(GgufNames.RopeFactors, parameter, GgufTensorType.F32, HasNeighbouringPairs: false);
    }

    static void Check(string path, Stored tensor)
    {
        foreach (float value in tensor.Weight.Value.Data)
        {
            if (!float.IsFinite(tensor.Type == GgufTensorType.F16 ? (float)(Half)value : value))
                throw new CheckpointException($"{path}: not written, '{tensor.Weight.Name}' has {value}, which is not a finite {tensor.Type}.");
        }
    }

    static byte[] Header(List<(string Key, object Value)> metadata, List<Stored> tensors)
    {
        using MemoryStream buffer = new();
        using BinaryWriter writer = new(buffer);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach ((string key, object value) in metadata)
        {
            Write(writer, key);
            GgufValues.Write(writer, key, value);
        }

        long offset = 0;
        foreach (Stored tensor in tensors)
        {
            Write(writer, tensor.Name);
            writer.Write((uint)tensor.Weight.Dimensions.Count);
            foreach (int size in tensor.Weight.Dimensions.Reverse())
                writer.Write((ulong)size);
            writer.Write((uint)tensor.Type);
            writer.Write((ulong)offset);
            offset += Padded(tensor.Bytes);
        }

        writer.Write(new byte[Padded(buffer.Length) - buffer.Length]);
        return buffer.ToArray();
    }

    internal static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    static void WriteValues(Stream stream, Stored tensor, int headDim)
    {
        Tensor weight = tensor.Weight.Value;
        int rows = tensor.Weight.IsMatrix ? weight.Shape.Rows : weight.Shape.Columns;
        ReadOnlySpan<float> values = tensor.HasNeighbouringPairs ? GgufNames.Reorder(weight.Data, rows, headDim, toHalves: false) : weight.Data;
        if (tensor.Type == GgufTensorType.F32)
        {
            for (; !values.IsEmpty; values = values[Math.Min(ChunkValues, values.Length)..])
                stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(ChunkValues, values.Length)]));
            return;
        }

        byte[] halves = new byte[2 * ChunkValues];
        for (; !values.IsEmpty; values = values[Math.Min(ChunkValues, values.Length)..])
        {
            int count = Math.Min(ChunkValues, values.Length);
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2 * i), (Half)values[i]);
            stream.Write(halves.AsSpan(0, 2 * count));
        }
    }

    static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    sealed record Stored(string Name, Parameter Weight, GgufTensorType Type, bool HasNeighbouringPairs)
    {
        public long Bytes => GgufTensorTypes.BytesOf(Type, Weight.Value.Shape.Length, 1)!.Value;
    }
}
