using Goodhart.Lab.Configuration;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Lab.Oracle;

/// <summary>The known truth: a model whose every probability can be computed.</summary>
/// <param name="Model">Frozen.</param>
/// <param name="Directory">Where it was read from.</param>
/// <param name="BosTokenId">What every text begins with.</param>
public sealed record OracleModel(ICausalLm Model, string Directory, int BosTokenId)
{
    static readonly string[] TokenizerFiles = ["tokenizer.json", "tokenizer_config.json"];

    /// <summary>Loads a model directory and checks that it can serve.</summary>
    /// <exception cref="CheckpointException">The directory holds no usable model.</exception>
    /// <exception cref="ConfigException">The model's context is shorter than prompt and completion.</exception>
    public static OracleModel Load(string directory, ExperimentData data)
    {
        if (!File.Exists(Path.Combine(directory, TokenizerFiles[0])))
            throw new CheckpointException($"{directory}: there is no tokenizer.json; an oracle needs one. Save the tokenizer beside the model.");

        ICausalLm model = ModelDirectory.Load(directory, trainable: false);
        long length = (long)data.PromptLength + data.MaxCompletionLength;
        if (length > model.Config.MaxPositionEmbeddings)
        {
            throw new ConfigException([
                $"data.prompt_length: {data.PromptLength} and data.max_completion_length: {data.MaxCompletionLength} should together be at most the oracle's context of {model.Config.MaxPositionEmbeddings}, got {length}."]);
        }

        int bos = model.Config.BosTokenId
            ?? throw new CheckpointException($"{directory}: config.json has no bos_token_id, and prompts begin with it. Add it.");
        return new OracleModel(model, directory, bos);
    }

    /// <summary>A new, smaller Llama of the same vocabulary.</summary>
    public LlamaConfig Smaller(ModelConfig sizes, int context) => new()
    {
        VocabSize = Model.Config.VocabSize,
        BosTokenId = Model.Config.BosTokenId,
        EosTokenId = Model.Config.EosTokenId,
        PadTokenId = Model.Config.PadTokenId,
        RmsNormEps = (Model.Config as LlamaConfig)?.RmsNormEps ?? 1e-5f,
        RopeTheta = (Model.Config as LlamaConfig)?.RopeTheta ?? 10000,
        InitializerRange = (Model.Config as LlamaConfig)?.InitializerRange ?? 0.02f,
        HiddenSize = sizes.HiddenSize,
        IntermediateSize = sizes.IntermediateSize,
        NumHiddenLayers = sizes.NumHiddenLayers,
        NumAttentionHeads = sizes.NumAttentionHeads,
        NumKeyValueHeads = sizes.NumKeyValueHeads,
        HeadDim = sizes.HiddenSize / sizes.NumAttentionHeads,
        MaxPositionEmbeddings = context,
        TieWordEmbeddings = true,
    };

    /// <summary>Writes a model of this vocabulary with the tokenizer beside it.</summary>
    public void Save(ICausalLm model, string directory)
    {
        ModelDirectory.Save(model, directory);
        foreach (string file in TokenizerFiles.Where(file => File.Exists(Path.Combine(Directory, file))))
            File.Copy(Path.Combine(Directory, file), Path.Combine(directory, file), overwrite: true);
    }
}
