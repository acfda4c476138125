using Goodhart.Distillation;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models.Generation;

namespace Goodhart.Cli.Generation;

/// <summary>A prompt, and what the model made of it.</summary>
/// <param name="Prompt">As given.</param>
/// <param name="Completion">The new text only.</param>
/// <param name="Reason">Why it ended.</param>
sealed record GeneratedText(Prompt Prompt, string Completion, FinishReason Reason);

/// <summary>Continues texts. Each has its own random stream, so none depends on the others or on the number of threads.</summary>
sealed class TextGenerator(LanguageModel model, GenerationOptions options, long seed, Workers workers, CancellationToken cancellation)
{
    readonly Generator _generator = new(model.Model, workers);

    /// <summary>Writes a completion as it comes into being; a cancelled one ends early.</summary>
    public void Stream(int[] prompt, TextWriter writer)
    {
        TextStream text = new(model.Tokenizer, prompt);
        TryGenerate([prompt], first: 0, id => writer.Write(text.Add(Known(id))));
        writer.Write(text.End());
    }

    /// <summary>The completions in order, some at a time; after a cancellation, those that are whole.</summary>
    public IEnumerable<GeneratedText> Complete(IReadOnlyList<(Prompt Prompt, int[] Ids)> prompts)
    {
        for (int first = 0; first < prompts.Count; first += options.BatchSize)
        {
            (Prompt Prompt, int[] Ids)[] batch = [.. prompts.Skip(first).Take(options.BatchSize)];
            if (TryGenerate([.. batch.Select(each => each.Ids)], first, onToken: null) is not Completion[] completions)
                yield break;
            foreach (((Prompt prompt, int[] ids), Completion completion) in batch.Zip(completions))
                yield return new GeneratedText(prompt, TextOf(ids, completion.Ids), completion.FinishReason);
        }
    }

    Completion[]? TryGenerate(int[][] prompts, int first, Action<int>? onToken)
    {
        try
        {
            return _generator.Generate(prompts, options, i => new Rng(seed, "sampling", first + i), (_, id) =>
            {
                cancellation.ThrowIfCancellationRequested();
                onToken?.Invoke(id);
            });
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    string TextOf(int[] prompt, int[] completion)
    {
        TextStream text = new(model.Tokenizer, prompt);
        return string.Concat([.. completion.Select(id => text.Add(Known(id))), text.End()]);
    }

    /// <summary>A vocabulary padded to a round size has ids that stand for nothing.</summary>
    int Known(int id) => id < model.Tokenizer.VocabularySize ? id : throw new UsageException(
        $"{model.Directory}: the model chose id {id}, but tokenizer.json has {model.Tokenizer.VocabularySize} tokens. Put the model's own tokenizer there.");
}
