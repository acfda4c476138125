using Goodhart.Lab.Experiments;

namespace Goodhart.Lab.Configuration;

/// <summary>Who writes what a student is trained on.</summary>
public enum DataSource
{
    /// <summary>The file.</summary>
    Dataset,

    /// <summary>The teacher, answering the file's prompts.</summary>
    Teacher,

    /// <summary>The student in training.</summary>
    Student,

    /// <summary>The student for a fraction, the teacher for the rest.</summary>
    Mixed,
}

/// <summary>The completions of a distillation.</summary>
public sealed record DataConfig : IValidated, IConditional
{
    /// <summary>Who writes them. Default dataset.</summary>
    public DataSource Source { get; init; } = DataSource.Dataset;

    /// <summary>Drawn once before training, or anew at each visit of a prompt. Default offline.</summary>
    public CompletionMode Mode { get; init; } = CompletionMode.Offline;

    /// <summary>Stored completions of each prompt, or visits of it in an epoch. Default 1.</summary>
    public int CompletionsPerPrompt { get; init; } = 1;

    /// <summary>Of mixed and online: the probability that the student writes. TRL calls it lmbda. Default 0.5.</summary>
    public double StudentFraction { get; init; } = 0.5;

    /// <summary>Different prompts on which every distance is measured, none of them trained on. Default 128.</summary>
    public int HeldOutPrompts { get; init; } = 128;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Source == DataSource.Dataset && Mode == CompletionMode.Online)
            yield return "mode: should be offline where source is dataset, got online; nobody writes a dataset anew. Set source to teacher, student or mixed.";
        if (CompletionsPerPrompt < 1)
            yield return $"completions_per_prompt: should be at least 1, got {CompletionsPerPrompt}.";
        if (StudentFraction is not (>= 0 and <= 1))
            yield return $"student_fraction: should be from 0 to 1, got {StudentFraction}.";
        if (HeldOutPrompts < 2)
            yield return $"held_out_prompts: should be at least 2, got {HeldOutPrompts}.";
    }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Why)> WithoutEffect()
    {
        if (Source == DataSource.Dataset)
            yield return ("completions_per_prompt", "source is dataset, which has the completions it has.");
        if (Source != DataSource.Mixed || Mode != CompletionMode.Online)
            yield return ("student_fraction", Source == DataSource.Mixed ? "mixed and offline is one completion of each." : "source is not mixed.");
    }
}
