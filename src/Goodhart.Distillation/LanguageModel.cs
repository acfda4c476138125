using Goodhart.Models;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Distillation;

/// <summary>A model directory, checked and loaded: weights, tokenizer, and where texts end.</summary>
/// <param name="Directory">As named.</param>
/// <param name="Model">Its weights.</param>
/// <param name="Tokenizer">The one beside it.</param>
/// <param name="StopIds">Ids that end a text, of generation_config.json where it says so, or else of config.json.</param>
public sealed record LanguageModel(string Directory, ICausalLm Model, Tokenizer Tokenizer, IReadOnlyList<int> StopIds)
{
    const int BytesPerWeight = sizeof(float);

    /// <summary>Loads a directory and checks it.</summary>
    /// <param name="directory">Of the form of Hugging Face, with a tokenizer.</param>
    /// <param name="trainable">Whether the model has gradients. Default false.</param>
    /// <exception cref="CheckpointException">There is no model there, or it is broken or too large.</exception>
    /// <exception cref="TokenizerException">There is no tokenizer beside it, or it is broken.</exception>
    public static LanguageModel Load(string directory, bool trainable = false)
    {
        CheckSize(directory);
        ICausalLm model = ModelDirectory.Load(directory, trainable);
        CheckFinite(model, directory);
        Tokenizer tokenizer = Tokenizer.Load(directory);
        if (tokenizer.VocabularySize > model.Config.VocabSize)
        {
            throw new CheckpointException(
                $"{directory}: tokenizer.json has {tokenizer.VocabularySize} tokens, config.json says vocab_size {model.Config.VocabSize}. Put the model's own tokenizer there.");
        }

        return new LanguageModel(directory, model, tokenizer, StopIdsOf(directory, model.Config));
    }

    /// <summary>The id that a completion in training data ends with; null where nothing ends a text.</summary>
    public int? EndOfText => EndOfTextOf(Tokenizer, StopIds);

    /// <summary>The tokenizer's EOS where it stops the model, or else the first id that does.</summary>
    public static int? EndOfTextOf(Tokenizer tokenizer, IReadOnlyList<int> stopIds) =>
        tokenizer.EosId is int eos && (stopIds.Count == 0 || stopIds.Contains(eos)) ? eos : stopIds.Count > 0 ? stopIds[0] : null;

    /// <summary>Ids that end a text: of generation_config.json where it says so, or else of config.json.</summary>
    public static IReadOnlyList<int> StopIdsOf(string directory, IModelConfig config)
    {
        string generation = Path.Combine(directory, GenerationConfig.FileName);
        IReadOnlyList<int> stops = File.Exists(generation) ? GenerationConfig.Read(generation).EosTokenId : [];
        return stops.Count > 0 ? stops : config.EosTokenId;
    }

    /// <summary>Writes a model of this vocabulary as a Hugging Face directory, with the tokenizer beside it.</summary>
    public void Save(ICausalLm model, string directory)
    {
        ModelDirectory.Save(model, directory);
        Tokenizer.Save(directory);
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
