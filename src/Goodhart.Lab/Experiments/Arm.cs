namespace Goodhart.Lab.Experiments;

/// <summary>Who writes the completions that an arm trains on.</summary>
public enum CompletionSource
{
    /// <summary>The teacher.</summary>
    Teacher,

    /// <summary>The student in training.</summary>
    Student,

    /// <summary>The oracle; what the student is drawn to is still the teacher.</summary>
    Oracle,
}

/// <summary>When completions are drawn.</summary>
public enum CompletionMode
{
    /// <summary>Once, before training.</summary>
    Offline,

    /// <summary>Anew at each visit of a prompt.</summary>
    Online,
}

/// <summary>One kind of training data, to be compared with others.</summary>
/// <param name="Name">Also that of its folder.</param>
/// <param name="Source">Who writes.</param>
/// <param name="Mode">When.</param>
public sealed record Arm(string Name, CompletionSource Source, CompletionMode Mode)
{
    static readonly Arm[] All =
    [
        new("offline", CompletionSource.Teacher, CompletionMode.Offline),
        new("offline-student", CompletionSource.Student, CompletionMode.Offline),
        new("offline-oracle", CompletionSource.Oracle, CompletionMode.Offline),
        new("online-teacher", CompletionSource.Teacher, CompletionMode.Online),
        new("online-student", CompletionSource.Student, CompletionMode.Online),
        new("online-oracle", CompletionSource.Oracle, CompletionMode.Online),
    ];

    /// <summary>Every arm there is.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(arm => arm.Name)];

    /// <summary>The arm of that name, or null.</summary>
    public static Arm? Find(string name) => All.FirstOrDefault(arm => arm.Name == name);
}
