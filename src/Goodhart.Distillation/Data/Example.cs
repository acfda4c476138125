namespace Goodhart.Distillation.Data;

/// <summary>A prompt and what was written after it; only the latter is learnt.</summary>
/// <param name="Ids">Prompt, then completion. At least one id is learnt.</param>
/// <param name="PromptLength">Ids before the first that is learnt, at least one.</param>
public sealed record Example(int[] Ids, int PromptLength)
{
    readonly int _learnt;

    /// <summary>Which ids are learnt, none of the prompt's; null is all after the prompt. A conversation has turns between that are only read.</summary>
    public IReadOnlyList<bool>? Learnt
    {
        get;
        init => (field, _learnt) = (value, value?.Count(learnt => learnt) ?? 0);
    }

    /// <summary>Ids that are learnt.</summary>
    public int CompletionLength => Learnt is null ? Ids.Length - PromptLength : _learnt;

    /// <summary>Whether the id at a position is learnt.</summary>
    public bool IsLearnt(int position) => Learnt is null ? position >= PromptLength : Learnt[position];

    /// <summary>A prompt and its completion.</summary>
    public static Example Of(int[] prompt, int[] completion) => new([.. prompt, .. completion], prompt.Length);
}
