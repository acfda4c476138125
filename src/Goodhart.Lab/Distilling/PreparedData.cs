using Goodhart.Distillation;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Data.Files;
using Goodhart.Models;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Lab.Distilling;

/// <summary>A file of data as ids: what is trained on, and what is only measured on.</summary>
public sealed record PreparedData
{
    /// <summary>Examples of the file; empty where models write them.</summary>
    public required IReadOnlyList<Example> Training { get; init; }

    /// <summary>Different prompts for models to answer.</summary>
    public required IReadOnlyList<int[]> Prompts { get; init; }

    /// <summary>Prompts that nothing is trained on.</summary>
    public required IReadOnlyList<int[]> HeldOutPrompts { get; init; }

    /// <summary>What the file answers to them; empty where it has prompts only.</summary>
    public required IReadOnlyList<Example> HeldOut { get; init; }

    /// <summary>What was counted on the way, a line each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Reads, splits and encodes a file.</summary>
    /// <param name="path">JSON lines.</param>
    /// <param name="encoder">With the tokenizer and the lengths.</param>
    /// <param name="heldOutPrompts">How many to hold out.</param>
    /// <param name="needsCompletions">Whether the file's completions are trained on.</param>
    /// <param name="seed">Of the run.</param>
    /// <exception cref="CorpusException">The file, or a line of it, cannot be used.</exception>
    public static PreparedData Read(string path, ExampleEncoder encoder, int heldOutPrompts, bool needsCompletions, long seed)
    {
        DataFile file = new(path);
        DataSplit split = DataSplit.ByPrompt(file, heldOutPrompts, seed);
        IReadOnlyList<(int HeldOut, int Training)> near = NearDuplicates.Find(file, split);
        List<Example> training = [.. split.Training.Where(_ => needsCompletions).Select(i => encoder.Encode(file[i])).OfType<Example>()];
        int[][] prompts = needsCompletions ? [] : [.. split.Training.DistinctBy(file.Key).Select(i => encoder.Prompt(file[i])).OfType<int[]>()];
        int[][] heldOut = [.. split.HeldOut.Select(i => encoder.Prompt(file[i])).OfType<int[]>()];
        Example[] answers = [.. split.HeldOut.Where(file.HasCompletion).Select(i => encoder.Encode(file[i])).OfType<Example>()];
        if (needsCompletions ? training.Count == 0 : prompts.Length == 0)
            throw new CorpusException($"{path}: nothing is left to train on; {encoder.LeftOut} lines are longer than max_length. Raise it.");
        if (heldOut.Length < 2)
            throw new CorpusException($"{path}: at least 2 held-out prompts should fit into max_length less max_completion_length, got {heldOut.Length}. Raise max_length, or lower max_completion_length.");

        return new PreparedData
        {
            Training = training,
            Prompts = prompts,
            HeldOutPrompts = heldOut,
            HeldOut = answers,
            Notes =
            [
                FormattableString.Invariant($"{path}: {file.Count:#,0} lines; {(needsCompletions ? $"{training.Count:#,0} examples" : $"{prompts.Length:#,0} prompts")} to train on, {heldOut.Length:#,0} prompts held out."),
                .. encoder.Truncated == 0 ? Array.Empty<string>() : [$"{encoder.Truncated} examples are longer than max_length and lose their end, and with it the end of text."],
                .. encoder.LeftOut == 0 ? Array.Empty<string>() : [$"{encoder.LeftOut} lines are left out: their prompt does not leave room in max_length."],
                .. near.Count == 0 ? Array.Empty<string>() : [$"{near.Count} held-out prompts are almost repeated in training, such as {file[near[0].HeldOut].Place} by {file[near[0].Training].Place}; distances there flatter the student."],
            ],
        };
    }

    /// <summary>An encoder for a model's directory, without loading its weights.</summary>
    /// <exception cref="CheckpointException">The directory holds no model.</exception>
    public static ExampleEncoder EncoderFor(string directory, IModelConfig config, Tokenizer tokenizer, int maxLength, int maxCompletionLength) =>
        new(tokenizer, maxLength, maxCompletionLength,
            LanguageModel.EndOfTextOf(tokenizer, LanguageModel.StopIdsOf(directory, config)), tokenizer.BosId ?? config.BosTokenId);
}
