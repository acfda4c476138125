using Goodhart.Distillation.Data;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Oracle;
using Goodhart.Models;
using Goodhart.Models.Generation;

namespace Goodhart.Lab.Experiments;

/// <summary>Makes an arm's training data: same prompts, same order, only who writes and when differ.</summary>
static class ArmData
{
    /// <summary>Completions that a writer who does not change writes at a time.</summary>
    const int Ahead = 256;

    public static IExampleSource Create(
        Arm arm, OracleModel oracle, ICausalLm teacher, ICausalLm student, IReadOnlyList<int[]> prompts, ExperimentConfig config, Workers workers)
    {
        ICausalLm model = arm.Source switch
        {
            CompletionSource.Teacher => teacher,
            CompletionSource.Student => student,
            _ => oracle.Model,
        };
        Generator writer = new(model, workers);
        GenerationOptions options = new()
        {
            MaxNewTokens = config.Data.MaxCompletionLength,
            StopIds = oracle.Model.Config.EosTokenId,
            BatchSize = Ahead,
        };
        Rng order = new(config.Seed, "distillation/order");
        if (arm.Mode == CompletionMode.Online)
        {
            int ahead = arm.Source == CompletionSource.Student ? 1 : Ahead;
            return new OnlineSource(prompts, writer, options, order, visit => new Rng(config.Seed, $"{arm.Name}/completions", visit), ahead);
        }

        int[][] repeated = [.. prompts.SelectMany(prompt => Enumerable.Repeat(prompt, config.Data.CompletionsPerPrompt))];
        Completion[] completions = writer.Generate(repeated, options, i => new Rng(config.Seed, $"{arm.Name}/completions", i));
        return new OfflineSource([.. repeated.Zip(completions, (p, c) => Example.Of(p, c.Ids))], order);
    }
}
