using Goodhart.Models;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Cli;

/// <summary>A model directory, checked and loaded: weights, tokenizer, and where texts end.</summary>
/// <param name="Directory">As named.</param>
/// <param name="Model">Frozen.</param>
/// <param name="Tokenizer">The one beside it.</param>
/// <param name="StopIds">Ids that end a text, of generation_config.json where it says so, or else of config.json.</param>
sealed record LanguageModel(string Directory, ICausalLm Model, Tokenizer Tokenizer, IReadOnlyList<int> StopIds)
{
    const int BytesPerWeight = sizeof(float);

    /// <exception cref="CheckpointException">There is no model there, or it is broken or too large.</exception>
    /// <exception cref="TokenizerException">There is no tokenizer beside it, or it is broken.</exception>
    public static LanguageModel Load(string directory)
    {
        CheckSize(directory);
        ICausalLm model = ModelDirectory.Load(directory, trainable: false);
        CheckFinite(model, directory);
        Tokenizer tokenizer = Tokenizer.Load(Path.Combine(directory, "tokenizer.json"));
        if (tokenizer.VocabularySize > model.Config.VocabSize)
        {
            throw new CheckpointException(
                $"{directory}: tokenizer.json has {tokenizer.VocabularySize} tokens, config.json says vocab_size {model.Config.VocabSize}. Put the model's own tokenizer there.");
        }

        string generation = Path.Combine(directory, GenerationConfig.FileName);
        IReadOnlyList<int> stops = File.Exists(generation) ? GenerationConfig.Read(generation).EosTokenId : [];
        return new LanguageModel(directory, model, tokenizer, stops.Count > 0 ? stops : model.Config.EosTokenId);
    }

    /// <summary>The ids of a prompt, with BOS where the tokenizer puts one or there would be nothing else.</summary>
    public int[] Encode(string prompt)
    {
        int[] ids = Tokenizer.Encode(prompt);
        if (ids.Length > 0)
            return ids;
        return [Model.Config.BosTokenId ?? throw new CheckpointException(
            $"{Directory}: config.json has no bos_token_id to begin an empty prompt with. Give a prompt.")];
    }

    /// <summary>Refuses weights that would make every probability meaningless.</summary>
    public static void CheckFinite(ICausalLm model, string directory)
    {
        if (model.Parameters.FirstNonFinite() is string weight)
            throw new CheckpointException($"{directory}: '{weight}' holds a NaN or an infinity. Export the model again, or go back to an earlier checkpoint.");
    }

    /// <summary>Refuses what could never be held, before anything is allocated.</summary>
    static void CheckSize(string directory)
    {
        string path = Path.Combine(directory, IModelConfig.FileName);
        if (!File.Exists(path))
            return; // The loader says it better.

        long weights = ModelDirectory.ReadConfig(directory).ParameterCount;
        double bytes = (double)weights * BytesPerWeight, available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new CheckpointException(FormattableString.Invariant(
                $"{path}: asks for {weights:#,0} weights, {bytes / 1e9:0.0} GB as float32; {available / 1e9:0.0} GB can be had. Use a smaller model."));
        }
    }
}
