using System.Text.Json;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Tests.Checkpoints;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Architectures.Llama;

public sealed class LlamaConfigTests : IDisposable
{
    const string Sizes =
        "\"model_type\":\"llama\",\"vocab_size\":11,\"hidden_size\":8,\"intermediate_size\":12,\"num_hidden_layers\":2,\"num_attention_heads\":2";

    readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_the_file_does_not_say_has_hugging_faces_default()
    {
        LlamaConfig config = Read("{" + Sizes + "}");

        Assert.Equal(2, config.NumKeyValueHeads);
        Assert.Equal(4, config.HeadDim);
        Assert.Equal(2048, config.MaxPositionEmbeddings);
        Assert.Equal(1e-6f, config.RmsNormEps);
        Assert.Equal(10000, config.RopeTheta);
        Assert.False(config.TieWordEmbeddings);
        Assert.Equal(1, config.BosTokenId);
        Assert.Equal([2], config.EosTokenId);
        Assert.Equal(0.02f, config.InitializerRange);
    }

    [Fact]
    public void A_null_means_derive_it_or_none()
    {
        LlamaConfig config = Read("{" + Sizes +
            ",\"num_key_value_heads\":null,\"head_dim\":null,\"bos_token_id\":null,\"eos_token_id\":null,\"rope_scaling\":null}");

        Assert.Equal((2, 4), (config.NumKeyValueHeads, config.HeadDim));
        Assert.Null(config.BosTokenId);
        Assert.Empty(config.EosTokenId);
    }

    [Theory]
    [InlineData("\"rope_theta\":500000")]
    [InlineData("\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":500000.0}")]
    [InlineData("\"rope_scaling\":{\"rope_type\":\"default\",\"rope_theta\":5e5}")]
    public void The_rotary_base_is_found_where_older_and_newer_files_have_it(string setting) =>
        Assert.Equal(500000, Read("{" + Sizes + "," + setting + "}").RopeTheta);

    [Fact]
    public void What_was_written_is_read_back()
    {
        LlamaConfig config = new()
        {
            VocabSize = 512,
            HiddenSize = 64,
            IntermediateSize = 172,
            NumHiddenLayers = 5,
            NumAttentionHeads = 8,
            NumKeyValueHeads = 4,
            HeadDim = 6,
            MaxPositionEmbeddings = 256,
            RmsNormEps = 1e-5f,
            RopeTheta = 12345.678f,
            TieWordEmbeddings = true,
            BosTokenId = null,
            EosTokenId = [2, 3],
            PadTokenId = 0,
            InitializerRange = 0.1f,
        };

        config.Write(_folder.Path);

        Assert.Equivalent(config, LlamaConfig.Read(_folder["config.json"]), strict: true);
    }

    [Fact]
    public void The_file_says_what_hugging_face_needs_to_load_the_model()
    {
        Small().Write(_folder.Path);

        JsonElement json = JsonElement.Parse(File.ReadAllText(_folder["config.json"]));
        Assert.Equal("LlamaForCausalLM", json.GetProperty("architectures")[0].GetString());
        Assert.Equal("llama", json.GetProperty("model_type").GetString());
        Assert.Equal("float32", json.GetProperty("torch_dtype").GetString());
        Assert.Equal("silu", json.GetProperty("hidden_act").GetString());
        Assert.Equal(2, json.GetProperty("eos_token_id").GetInt32());
        Assert.False(json.TryGetProperty("quantization_config", out _));
    }

    [Theory]
    [InlineData("\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8.0}", "'rope_scaling' should be null or of type default, linear or llama3, got type llama3 without all of factor, low_freq_factor")]
    [InlineData("\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":4,\"original_max_position_embeddings\":8}", "'rope_scaling' should have 0 < low_freq_factor < high_freq_factor, got 4 and 4")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\",\"factor\":0.5}", "'rope_scaling' should have a factor of at least 1, got 0.5")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\",\"factors\":2.0}", "'rope_scaling' should be null or of type default, linear or llama3, got type linear without factor")]
    [InlineData("\"rope_parameters\":{\"rope_type\":\"yarn\",\"rope_theta\":1e4}", "'rope_parameters' should be of type default, linear or llama3, got type yarn")]
    [InlineData("\"rope_parameters\":{\"rope_type\":\"default\",\"partial_rotary_factor\":0.5}", "'rope_parameters' should be of type default")]
    [InlineData("\"hidden_act\":\"gelu\"", "'hidden_act' should be silu, got gelu")]
    [InlineData("\"partial_rotary_factor\":0.5", "'partial_rotary_factor' should be 1, got 0.5")]
    [InlineData("\"pretraining_tp\":2", "'pretraining_tp' should be 1, got 2")]
    [InlineData("\"sliding_window\":4096", "'sliding_window' should be null in a llama, got 4096")]
    [InlineData("\"quantization_config\":{\"bits\":4}", "'quantization_config' should be null")]
    [InlineData("\"head_dim\":3", "'head_dim' should be even and at least 2, got 3")]
    [InlineData("\"num_key_value_heads\":0", "'num_key_value_heads' should be at least 1, got 0")]
    [InlineData("\"num_key_value_heads\":3", "'num_key_value_heads' should divide 'num_attention_heads' 2, got 3")]
    [InlineData("\"head_dim\":2147483646", "'num_attention_heads' asks for a matrix of 4294967292 x 8, more than")]
    [InlineData("\"hidden_act\":null", "'hidden_act' should be a string, got null")]
    [InlineData("\"rms_norm_eps\":0", "'rms_norm_eps' should be above 0 and below 1, got 0")]
    [InlineData("\"rope_theta\":-1", "'rope_theta' should be at least 1, got -1")]
    [InlineData("\"rope_theta\":1e99", "'rope_theta' should be at least 1")]
    [InlineData("\"bos_token_id\":11", "'bos_token_id' should be below 'vocab_size' 11, got 11")]
    [InlineData("\"max_position_embeddings\":\"long\"", "'max_position_embeddings' should be a whole number, got \"long\"")]
    [InlineData("\"head_dim\":4.5", "'head_dim' should be a whole number, got 4.5")]
    [InlineData("\"tie_word_embeddings\":\"yes\"", "'tie_word_embeddings' should be true or false, got \"yes\"")]
    [InlineData("\"rope_scaling\":\"linear\"", "'rope_scaling' should be an object, got \"linear\"")]
    public void A_setting_that_would_change_the_maths_or_contradicts_is_refused(string setting, string problem) =>
        AssertRefused("{" + Sizes + "," + setting + "}", problem);

    [Theory]
    [InlineData("\"num_attention_heads\":2", "\"num_attention_heads\":3", "'num_attention_heads' should divide 'hidden_size' 8, got 3; or set 'head_dim'")]
    [InlineData("\"num_attention_heads\":2", "\"num_attention_heads\":0", "'num_attention_heads' should be at least 1, got 0")]
    [InlineData("\"num_hidden_layers\":2", "\"num_hidden_layers\":2000000000", "'num_hidden_layers' should be at most 1024, got 2000000000")]
    [InlineData("\"vocab_size\":11", "\"vocab_size\":2147483647", "'vocab_size' asks for a matrix of 2147483647 x 8")]
    [InlineData("\"vocab_size\":11", "\"vocab_size\":2147483648", "'vocab_size' should be a whole number, got 2147483648")]
    [InlineData("\"hidden_size\":8,", "", "'hidden_size' is missing")]
    [InlineData("\"llama\"", "null", "'model_type' should be a string, got null")]
    [InlineData("\"llama\"", "\"gemma\"", "'model_type' should be llama, mistral, qwen2 or qwen3, got gemma")]
    [InlineData("\"model_type\":\"llama\",", "", "'model_type' is missing")]
    public void Sizes_that_make_no_model_are_refused(string good, string bad, string problem) =>
        AssertRefused("{" + Sizes.Replace(good, bad) + "}", problem);

    [Fact]
    public void Sizes_whose_product_overflows_are_refused()
    {
        LlamaConfig config = Small() with { HiddenSize = int.MaxValue, NumAttentionHeads = int.MaxValue, HeadDim = int.MaxValue - 1 };

        Assert.Contains(config.Validate(), problem => problem.StartsWith("'num_attention_heads' asks for a matrix"));
    }

    [Fact]
    public void All_problems_are_told_at_once_one_a_line()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() =>
            Read("{" + Sizes + ",\"pretraining_tp\":2,\"rms_norm_eps\":0,\"head_dim\":7}"));

        Assert.Equal(3, error.Message.Split('\n').Count(line => line.StartsWith(_folder["config.json"] + ": '")));
    }

    [Fact]
    public void A_missing_file_says_what_a_model_directory_holds()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => LlamaConfig.Read(_folder["config.json"]));

        Assert.Contains("A model directory holds config.json and model.safetensors", error.Message);
    }

    [Fact]
    public void Weights_have_the_names_and_shapes_of_a_hugging_face_checkpoint()
    {
        LlamaConfig config = Small() with { NumAttentionHeads = 4, NumKeyValueHeads = 2, HeadDim = 6 };

        Assert.Equal(
            [
                "model.embed_tokens.weight 11x8",
                "model.layers.0.input_layernorm.weight 8",
                "model.layers.0.self_attn.q_proj.weight 24x8",
                "model.layers.0.self_attn.k_proj.weight 12x8",
                "model.layers.0.self_attn.v_proj.weight 12x8",
                "model.layers.0.self_attn.o_proj.weight 8x24",
                "model.layers.0.post_attention_layernorm.weight 8",
                "model.layers.0.mlp.gate_proj.weight 12x8",
                "model.layers.0.mlp.up_proj.weight 12x8",
                "model.layers.0.mlp.down_proj.weight 8x12",
                "model.norm.weight 8",
                "lm_head.weight 11x8",
            ],
            config.Weights.Select(weight => $"{weight.Name} {string.Join('x', weight.Shape)}"));
    }

    [Fact]
    public void A_tied_head_is_counted_once()
    {
        Assert.Equal(11 * 8, Small().ParameterCount - (Small() with { TieWordEmbeddings = true }).ParameterCount);
        Assert.DoesNotContain((Small() with { TieWordEmbeddings = true }).Weights, weight => weight.Name == "lm_head.weight");
    }

    [SharedDataTheory]
    [InlineData("tiny_llama")]
    [InlineData("tiny_llama_sharded")]
    [InlineData("verl-arith-llama-bf16")]
    public void A_model_of_others_has_the_weights_that_its_config_asks_for(string model)
    {
        string directory = SharedData.PathOf("data", "models", model);
        LlamaConfig config = LlamaConfig.Read(Path.Combine(directory, "config.json"));
        using WeightFiles weights = WeightFiles.Open(directory);

        foreach ((string name, int[] shape) in config.Weights)
        {
            float[] values = new float[shape.Aggregate((product, size) => product * size)];
            weights.Read(name, shape, values);
            Assert.All(values, value => Assert.True(float.IsFinite(value)));
            Assert.Contains(values, value => value != 0);
        }

        Assert.All(
            weights.Names.Except(config.Weights.Select(weight => weight.Name)),
            name => Assert.EndsWith("rotary_emb.inv_freq", name));
    }

    [SharedDataFact]
    public void Shards_hold_the_same_values_as_the_single_file()
    {
        using WeightFiles whole = WeightFiles.Open(SharedData.PathOf("data", "models", "tiny_llama"));
        using WeightFiles shards = WeightFiles.Open(SharedData.PathOf("data", "models", "tiny_llama_sharded"));

        foreach ((string name, int[] shape) in LlamaConfig.Read(SharedData.PathOf("data", "models", "tiny_llama", "config.json")).Weights)
        {
            float[] one = new float[whole.Find(name).Count], other = new float[one.Length];
            whole.Read(name, shape, one);
            shards.Read(name, shape, other);
            Assert.Equal(one, other);
        }
    }

    public void Dispose() => _folder.Dispose();

    static LlamaConfig Small() => new()
    {
        VocabSize = 11,
        HiddenSize = 8,
        IntermediateSize = 12,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
    };

    LlamaConfig Read(string json) => LlamaConfig.Read(_folder.Write("config.json", json));

    void AssertRefused(string json, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Read(json));
        Assert.StartsWith(_folder["config.json"] + ": " + problem, error.Message);
    }
}
