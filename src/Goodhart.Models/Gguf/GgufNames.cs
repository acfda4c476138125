using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Models.Gguf;

/// <summary>What GGUF calls the weights of a Llama and its kin, and how it lays out their rotary rows.</summary>
static class GgufNames
{
    static readonly Dictionary<string, string> Modules = new()
    {
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["post_attention_layernorm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    };

    /// <summary>Factors by which rotary frequencies are divided.</summary>
    public const string RopeFactors = "rope_freqs.weight";

    /// <summary>The name in the file of model.layers.0.self_attn.q_proj.weight: blk.0.attn_q.weight.</summary>
    public static string Of(string name)
    {
        string[] parts = name.Split('.');
        return name switch
        {
            "model.embed_tokens.weight" => "token_embd.weight",
            "model.norm.weight" => "output_norm.weight",
            "lm_head.weight" => "output.weight",
            _ => $"blk.{parts[2]}.{Modules[string.Join('.', parts[3..^1])]}.{parts[^1]}",
        };
    }

    /// <summary>The architecture; GGUF has no other name for a Mistral than llama.</summary>
    public static string Architecture(LlamaConfig config) => config.ModelType == "mistral" ? "llama" : config.ModelType;

    /// <summary>Whether the rows of a weight pair as neighbours in the file: llama turns rows 2i and 2i + 1 of a head together, Qwen rows i and i + D / 2.</summary>
    public static bool HasNeighbouringPairs(string architecture, string name) => architecture == "llama"
        && (name.Contains(".q_proj.", StringComparison.Ordinal) || name.Contains(".k_proj.", StringComparison.Ordinal));

    /// <summary>Rows from neighbouring pairs to pairs half a head apart, or back.</summary>
    /// <param name="values">[heads D, columns].</param>
    /// <param name="rows">heads D.</param>
    /// <param name="headDim">D.</param>
    /// <param name="toHalves">From neighbours to halves; otherwise back.</param>
    public static float[] Reorder(ReadOnlySpan<float> values, int rows, int headDim, bool toHalves)
    {
        int columns = values.Length / rows;
        float[] reordered = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            int start = row / headDim * headDim, inHead = row % headDim;
            int neighbour = start + 2 * (inHead % (headDim / 2)) + inHead / (headDim / 2); // Where the row of half a head lies among neighbours.
            (int from, int to) = toHalves ? (neighbour, row) : (row, neighbour);
            values.Slice(from * columns, columns).CopyTo(reordered.AsSpan(to * columns));
        }

        return reordered;
    }
}
