namespace Goodhart.Lab.Configuration;

enum SampleLoss
{
    ForwardKl,
    ReverseKl,
    Jsd,
}

sealed record SampleModel
{
    public int HiddenSize { get; init; } = 32;

    public int NumHiddenLayers { get; init; } = 3;
}

sealed record SampleData : IValidated
{
    public string Source { get; init; } = "teacher";

    public int CompletionsPerPrompt { get; init; } = 1;

    public double? StudentFraction { get; init; }

    public IEnumerable<string> Validate()
    {
        if (CompletionsPerPrompt < 1)
            yield return $"completions_per_prompt: should be at least 1, got {CompletionsPerPrompt}";
        if (StudentFraction is not null && Source != "mixed")
            yield return $"student_fraction: has no effect with source {Source}";
    }
}

sealed record SampleArm
{
    public required string Name { get; init; }

    public SampleData Data { get; init; } = new();
}

sealed record SampleConfig : IValidated
{
    public long Seed { get; init; } = 1;

    public double LearningRate { get; init; } = 1e-3;

    public bool Bf16 { get; init; }

    public SampleLoss Loss { get; init; } = SampleLoss.ForwardKl;

    public string? DatasetPath { get; init; }

    public string Title { get; init; } = "";

    public SampleModel Teacher { get; init; } = new() { HiddenSize = 48, NumHiddenLayers = 4 };

    public SampleModel Student { get; init; } = new();

    public SampleData Data { get; init; } = new();

    public IReadOnlyList<double> Temperatures { get; init; } = [1];

    public IReadOnlyList<SampleArm> Arms { get; init; } = [];

    public IEnumerable<string> Validate()
    {
        if (LearningRate <= 0)
            yield return $"learning_rate: should be positive, got {LearningRate}";
    }
}
