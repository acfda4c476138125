namespace Goodhart.Distillation.Data;

/// <summary>A prompt and what was written after it; only the latter is learnt.</summary>
/// <param name="Ids">Prompt, then completion. The completion has at least one id.</param>
/// <param name="PromptLength">Ids of the prompt, at least one.</param>
public sealed record Example(int[] Ids, int PromptLength)
{
    /// <summary>Ids of the completion.</summary>
    public int CompletionLength => Ids.Length - PromptLength;

    /// <summary>A prompt and its completion.</summary>
    public static Example Of(int[] prompt, int[] completion) => new([.. prompt, .. completion], prompt.Length);
}
