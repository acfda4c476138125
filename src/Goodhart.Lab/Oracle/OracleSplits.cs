using Goodhart.Distillation.Data;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Models.Generation;

namespace Goodhart.Lab.Oracle;

/// <summary>The oracle's texts, cut into prompt and completion, in three parts that share no prompt.</summary>
/// <param name="Sft">What teacher and student learn from before distillation.</param>
/// <param name="DistillationPrompts">The prompts of distillation; the oracle takes no further part there.</param>
/// <param name="HeldOut">What golden is measured on.</param>
public sealed record OracleSplits(IReadOnlyList<Example> Sft, IReadOnlyList<int[]> DistillationPrompts, IReadOnlyList<Example> HeldOut)
{
    const int Round = 1024;

    /// <summary>Draws different prompts, as the oracle begins its texts, until there are enough for all parts.</summary>
    /// <param name="oracle">Who writes, at temperature 1.</param>
    /// <param name="data">How many and how long.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="progress">Told how many of how many prompts there are; says whether to go on.</param>
    /// <exception cref="ConfigException">The oracle hardly begins any further text in a new way.</exception>
    public static OracleSplits Draw(OracleModel oracle, ExperimentData data, long seed, Workers workers, Func<int, int, bool> progress)
    {
        int wanted = data.HeldOutPrompts + data.SftPrompts + data.DistillationPrompts;
        Generator writer = new(oracle.Model, workers);
        GenerationOptions options = new()
        {
            MaxNewTokens = data.PromptLength - 1 + data.MaxCompletionLength,
            StopIds = oracle.Model.Config.EosTokenId,
            BatchSize = 256,
        };

        List<Example> texts = [];
        HashSet<string> prompts = [];
        for (int round = 0; texts.Count < wanted && progress(texts.Count, wanted); round++)
        {
            int before = texts.Count, first = round * Round;
            int[][] starts = [.. Enumerable.Repeat(new[] { oracle.BosTokenId }, Round)];
            foreach (Completion text in writer.Generate(starts, options, i => new Rng(seed, "oracle/texts", first + i)))
            {
                int[] ids = [oracle.BosTokenId, .. text.Ids];
                if (ids.Length > data.PromptLength && prompts.Add(string.Join(' ', ids[..data.PromptLength])))
                    texts.Add(new Example(ids, data.PromptLength));
            }

            if (texts.Count < wanted && texts.Count - before < Round / 100)
            {
                throw new ConfigException([
                    $"data: {wanted} different prompts of {data.PromptLength} tokens are wanted, and the oracle repeats itself after {texts.Count}. Ask for fewer prompts or longer ones."]);
            }
        }

        progress(Math.Min(texts.Count, wanted), wanted);
        return new OracleSplits(
            HeldOut: [.. texts.Take(data.HeldOutPrompts)],
            Sft: [.. texts.Skip(data.HeldOutPrompts).Take(data.SftPrompts)],
            DistillationPrompts: [.. texts.Skip(data.HeldOutPrompts + data.SftPrompts).Take(data.DistillationPrompts).Select(e => e.Ids[..e.PromptLength])]);
    }
}
