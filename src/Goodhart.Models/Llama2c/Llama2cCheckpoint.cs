using System.Runtime.InteropServices;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Microsoft.Win32.SafeHandles;

namespace Goodhart.Models.Llama2c;

/// <summary>Reads the checkpoints of llama2.c, format "version 0": seven int32, then float32 weights.</summary>
public static class Llama2cCheckpoint
{
    const int HeaderInts = 7;
    const int HeaderBytes = HeaderInts * sizeof(int);
    const int LaterVersionMagic = 0x616b3432;

    /// <summary>Reads a model and gives its weights the names and the rotary layout of Hugging Face.</summary>
    /// <returns>The config, and the weights in the order of <see cref="LlamaConfig.Weights"/>.</returns>
    /// <exception cref="CheckpointException">The header makes no sense, or asks for another file length.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (LlamaConfig Config, IReadOnlyList<NamedTensor> Weights) Read(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        LlamaConfig config = ReadConfig(path, file);
        Dictionary<string, float[]> values = ReadValues(path, file, config);
        ToHalfSplitRotary(values, config);
        return (config, [.. config.Weights.Select(weight =>
            new NamedTensor(weight.Name, weight.Shape, values[weight.Name]))]);
    }

    static LlamaConfig ReadConfig(string path, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        if (length < HeaderBytes)
            throw Bad($"should start with a header of {HeaderBytes} bytes, but the file has {length}.");

        int[] header = new int[HeaderInts];
        file.ReadExactly(MemoryMarshal.AsBytes(header.AsSpan()), 0, path);
        if (header[0] == LaterVersionMagic)
            throw Bad($"is version {header[1]} of llama2.c's format. Export it again with --version 0.");

        if (header[5] == int.MinValue)
            throw Bad($"'vocab_size' should be a count, got {header[5]}.");

        LlamaConfig config = new()
        {
            HiddenSize = header[0],
            IntermediateSize = header[1],
            NumHiddenLayers = header[2],
            NumAttentionHeads = header[3],
            NumKeyValueHeads = header[4],
            VocabSize = Math.Abs(header[5]),
            MaxPositionEmbeddings = header[6],
            TieWordEmbeddings = header[5] > 0,
            RmsNormEps = 1e-5f,
        };
        IReadOnlyList<string> problems = config.Validate();
        if (problems.Count > 0)
            throw CheckpointException.Of(path, [.. problems, "Is this a llama2.c checkpoint?"]);

        Int128 expected = HeaderBytes + sizeof(float) * (config.ParameterCount + RotaryTableLength(config));
        if (length != expected)
        {
            throw Bad(
                "the header (dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len = " +
                $"{string.Join(", ", header)}) asks for {expected} bytes, but the file has {length}. Fetch it again.");
        }

        return config;

        CheckpointException Bad(string problem) => new($"{path}: {problem}");
    }

    /// <summary>Cosines and sines for each position and half head, stored in the file and not needed.</summary>
    static Int128 RotaryTableLength(LlamaConfig config) => (Int128)config.MaxPositionEmbeddings * config.HeadDim;

    static Dictionary<string, float[]> ReadValues(string path, SafeFileHandle file, LlamaConfig config)
    {
        Dictionary<string, int> lengths = config.Weights.ToDictionary(
            weight => weight.Name, weight => weight.Shape.Aggregate((product, size) => product * size));
        Dictionary<string, float[]> values = [];
        long offset = HeaderBytes;

        ReadOne("model.embed_tokens.weight");
        ReadLayers("input_layernorm.weight");
        ReadLayers("self_attn.q_proj.weight");
        ReadLayers("self_attn.k_proj.weight");
        ReadLayers("self_attn.v_proj.weight");
        ReadLayers("self_attn.o_proj.weight");
        ReadLayers("post_attention_layernorm.weight");
        ReadLayers("mlp.gate_proj.weight");
        ReadLayers("mlp.down_proj.weight");
        ReadLayers("mlp.up_proj.weight");
        ReadOne("model.norm.weight");
        offset += sizeof(float) * (long)RotaryTableLength(config);
        if (!config.TieWordEmbeddings)
            ReadOne("lm_head.weight");

        return values;

        void ReadLayers(string name)
        {
            for (int layer = 0; layer < config.NumHiddenLayers; layer++)
                ReadOne($"model.layers.{layer}.{name}");
        }

        void ReadOne(string name)
        {
            float[] weight = new float[lengths[name]];
            file.ReadExactly(weight.AsSpan(), offset, path);
            offset += sizeof(float) * (long)weight.Length;
            values.Add(name, weight);
        }
    }

    /// <summary>llama2.c rotates rows 2i and 2i+1 of a head together, Hugging Face rows i and i + D/2.</summary>
    static void ToHalfSplitRotary(Dictionary<string, float[]> values, LlamaConfig config)
    {
        for (int layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            foreach (string projection in (string[])["q_proj", "k_proj"])
            {
                string name = $"model.layers.{layer}.self_attn.{projection}.weight";
                values[name] = ToHalfSplitRotary(values[name], config.HeadDim, config.HiddenSize);
            }
        }
    }

    static float[] ToHalfSplitRotary(float[] interleaved, int headDim, int columns)
    {
        float[] split = new float[interleaved.Length];
        int rows = interleaved.Length / columns;
        for (int row = 0; row < rows; row++)
        {
            int head = row / headDim;
            int inHead = row % headDim;
            int target = head * headDim + inHead % 2 * (headDim / 2) + inHead / 2;
            interleaved.AsSpan(row * columns, columns).CopyTo(split.AsSpan(target * columns));
        }

        return split;
    }
}
