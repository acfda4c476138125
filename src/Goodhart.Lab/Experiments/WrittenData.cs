using Goodhart.Distillation.Data;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Generation;

namespace Goodhart.Lab.Experiments;

/// <summary>Training data that a model writes.</summary>
/// <param name="Writer">Who.</param>
/// <param name="IsTraining">Whether the writer changes meanwhile, so that nothing may be written ahead.</param>
/// <param name="Prompts">What it answers.</param>
/// <param name="CompletionsPerPrompt">Stored ones, or visits of a prompt in an epoch.</param>
/// <param name="Sampling">How it writes.</param>
/// <param name="Order">Decides the order of each epoch.</param>
/// <param name="StreamOf">The random stream of a completion.</param>
sealed record WrittenData(
    ICausalLm Writer, bool IsTraining, IReadOnlyList<int[]> Prompts, int CompletionsPerPrompt, GenerationOptions Sampling, Rng Order, Func<long, Rng> StreamOf)
{
    /// <summary>Completions that a writer who does not change writes at a time.</summary>
    public const int Ahead = 256;

    /// <summary>Completions that are drawn once, now; progress is told of each batch and says whether to go on.</summary>
    public IReadOnlyList<Example> Offline(Workers workers, Func<int, int, bool>? progress = null)
    {
        int[][] prompts = Repeated();
        Generator generator = new(Writer, workers);
        List<Example> written = [];
        for (int first = 0; first < prompts.Length && (progress?.Invoke(first, prompts.Length) ?? true); first += Ahead)
        {
            int[][] batch = [.. prompts.Skip(first).Take(Ahead)];
            int from = first;
            Completion[] completions = generator.Generate(batch, Sampling, i => StreamOf(from + i));
            written.AddRange(batch.Zip(completions, (prompt, completion) => Example.Of(prompt, completion.Ids)));
        }

        progress?.Invoke(written.Count, prompts.Length);
        return written;
    }

    /// <summary>Completions that are drawn anew at each visit.</summary>
    public OnlineSource Online(Workers workers) => new(Repeated(), new Generator(Writer, workers), Sampling, Order, StreamOf, IsTraining ? 1 : Ahead);

    int[][] Repeated() => [.. Prompts.SelectMany(prompt => Enumerable.Repeat(prompt, CompletionsPerPrompt))];
}
