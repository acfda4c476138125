using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests.Evaluation;

/// <summary>A model's distributions in double precision, and all completions that it can write, one by one.</summary>
static class SequenceDistribution
{
    /// <summary>[T][V] log-probabilities of what follows each id.</summary>
    public static double[][] LogProbabilities(LlamaModel model, int[] ids)
    {
        using Workers workers = new(1);
        Tape tape = new(workers, recording: false);
        float[] logits = model.Logits(tape, model.Hidden(tape, new TokenBatch(ids, ids.Length))).Data.ToArray();
        return [.. logits.Chunk(model.Config.VocabSize).Select(row =>
        {
            double max = row.Max(), logSumExp = max + Math.Log(row.Sum(z => Math.Exp(z - max)));
            return Array.ConvertAll(row, z => z - logSumExp);
        })];
    }

    /// <summary>KL(p || q) of token distributions.</summary>
    public static double Kl(double[] p, double[] q) => p.Zip(q, (lp, lq) => Math.Exp(lp) * (lp - lq)).Sum();

    /// <summary>Half of KL(p || m) and half of KL(q || m), with m halfway.</summary>
    public static double Jsd(double[] p, double[] q)
    {
        double[] m = [.. p.Zip(q, (lp, lq) => Math.Log((Math.Exp(lp) + Math.Exp(lq)) / 2))];
        return (Kl(p, m) + Kl(q, m)) / 2;
    }

    /// <summary>KL(p || q) of whole completions: the sum over all of them of P (log P - log Q).</summary>
    public static double SequenceKl(LlamaModel p, LlamaModel q, int[] prompt, int longest, int stop) =>
        Completions(p.Config.VocabSize, longest, stop).Sum(completion =>
        {
            double logP = LogProbability(p, prompt, completion), logQ = LogProbability(q, prompt, completion);
            return Math.Exp(logP) * (logP - logQ);
        });

    static IEnumerable<int[]> Completions(int vocabulary, int longest, int stop)
    {
        for (int id = 0; id < vocabulary; id++)
        {
            if (id == stop || longest == 1)
            {
                yield return [id];
                continue;
            }

            foreach (int[] rest in Completions(vocabulary, longest - 1, stop))
                yield return [id, .. rest];
        }
    }

    static double LogProbability(LlamaModel model, int[] prompt, int[] completion)
    {
        double[][] rows = LogProbabilities(model, [.. prompt, .. completion]);
        return completion.Select((id, t) => rows[prompt.Length - 1 + t][id]).Sum();
    }
}
