using Goodhart.Models;

namespace Goodhart.Distillation.Data;

/// <summary>Examples as a model reads them: the inputs, and at which rows which completion token is to be predicted.</summary>
public sealed class ExampleBatch
{
    /// <summary>Lays out examples one after the other, whatever their lengths.</summary>
    public ExampleBatch(IReadOnlyList<Example> examples)
    {
        Examples = examples;
        Inputs = TokenBatch.Packed([.. examples.Select(e => e.Ids[..^1])]);
        Rows = new int[examples.Sum(e => e.CompletionLength)];
        Targets = new int[Rows.Length];
        int at = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            Example example = examples[i];
            for (int t = example.PromptLength; t < example.Ids.Length; t++)
            {
                if (!example.IsLearnt(t))
                    continue;
                Rows[at] = Inputs.Sequences.Start(i) + t - 1;
                Targets[at++] = example.Ids[t];
            }
        }
    }

    /// <summary>The examples in order.</summary>
    public IReadOnlyList<Example> Examples { get; }

    /// <summary>Each example without its last id, which nothing follows.</summary>
    public TokenBatch Inputs { get; }

    /// <summary>The row that predicts each completion token, example after example.</summary>
    public int[] Rows { get; }

    /// <summary>The completion tokens.</summary>
    public int[] Targets { get; }
}
