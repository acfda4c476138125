namespace Goodhart.Cli;

/// <summary>An experiment that takes a second and shows nothing.</summary>
static class TinyLab
{
    public static IReadOnlyList<string> Settings { get; } =
    [
        "data.prompt_length=4", "data.max_completion_length=6", "data.sft_prompts=16", "data.distillation_prompts=8", "data.held_out_prompts=8",
        "teacher.hidden_size=8", "teacher.intermediate_size=16", "teacher.num_hidden_layers=1", "teacher.num_attention_heads=2",
        "teacher.num_key_value_heads=2", "teacher.sft.max_steps=5",
        "student.hidden_size=4", "student.intermediate_size=8", "student.num_hidden_layers=1", "student.num_attention_heads=2",
        "student.num_key_value_heads=2", "student.sft.max_steps=3",
        "evaluation.points=6", "evaluation.student_samples=4",
    ];
}
