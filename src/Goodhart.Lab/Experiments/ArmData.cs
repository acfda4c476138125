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
    public static IExampleSource Create(
        Arm arm, OracleModel oracle, ICausalLm teacher, ICausalLm student, IReadOnlyList<int[]> prompts, ExperimentConfig config, Workers workers)
    {
        ICausalLm model = arm.Source switch
        {
            CompletionSource.Teacher => teacher,
            CompletionSource.Student => student,
            _ => oracle.Model,
        };
        GenerationOptions sampling = new()
        {
            MaxNewTokens = config.Data.MaxCompletionLength,
            StopIds = oracle.Model.Config.EosTokenId,
            BatchSize = WrittenData.Ahead,
        };
        bool isOnline = arm.Mode == CompletionMode.Online;
        Rng order = new(config.Seed, "distillation/order");
        WrittenData data = new(
            model, arm.Source == CompletionSource.Student, prompts, isOnline ? 1 : config.Data.CompletionsPerPrompt, sampling, order,
            visit => new Rng(config.Seed, $"{arm.Name}/completions", visit));
        return isOnline ? data.Online(workers) : new OfflineSource(data.Offline(workers), order);
    }
}
