using Goodhart.Engine.Randomness;

namespace Goodhart.Distillation.Data;

/// <summary>Each example from the student with a fixed probability, and else from another source.</summary>
/// <param name="student">Completions of the student in training.</param>
/// <param name="other">Those of the teacher.</param>
/// <param name="studentFraction">The probability, from 0 to 1; TRL calls it lmbda.</param>
/// <param name="rng">Decides.</param>
public sealed class MixedSource(IExampleSource student, IExampleSource other, double studentFraction, Rng rng) : IExampleSource
{
    readonly (ulong, ulong, ulong, ulong) _start = rng.State;
    long _visits;

    /// <inheritdoc/>
    public Ledger Ledger { get; } = new();

    /// <inheritdoc/>
    public SourceState State
    {
        get => new() { Visits = _visits, Ledger = Ledger.State, Inner = [student.State, other.State] };
        set
        {
            (rng.State, _visits, Ledger.State) = (_start, value.Visits, value.Ledger!);
            for (long visit = 0; visit < _visits; visit++)
                rng.NextDouble();
            (student.State, other.State) = (value.Inner[0], value.Inner[1]);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Example> Next(int count)
    {
        int students = Enumerable.Range(0, count).Count(_ => rng.NextDouble() < studentFraction);
        _visits += count;
        List<Example> drawn = [];
        if (students > 0)
            drawn.AddRange(student.Next(students));
        if (students < count)
            drawn.AddRange(other.Next(count - students));
        foreach (Example example in drawn)
            Ledger.Add(example);
        return drawn;
    }
}
