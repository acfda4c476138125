using Goodhart.Lab.Experiments;

namespace Goodhart.Cli.Rendering;

/// <summary>How far a stage of the lab is, how fast it goes, and how long it will still take.</summary>
sealed class StageState(string name, TimeProvider time)
{
    /// <summary>A golden this much above its lowest is shown as risen.</summary>
    const double VisibleRise = 1.05;

    LabProgress? _first;
    long _firstAt, _lastAt;
    double _lowestGolden = double.PositiveInfinity;

    public string Name { get; } = name;

    /// <summary>Null before it has begun.</summary>
    public LabProgress? Last { get; private set; }

    public bool IsFinished => Last is not null && Last.Done >= Last.Total;

    /// <summary>From 0 to 1.</summary>
    public double Fraction => Last is { Total: > 0 } last ? Math.Min(1, (double)last.Done / last.Total) : 0;

    public double? TokensPerSecond => Last?.Tokens > _first?.Tokens && Seconds > 0 ? (Last.Tokens - _first.Tokens) / Seconds : null;

    /// <summary>Null before there is anything to judge by, and at the end.</summary>
    public TimeSpan? Left
    {
        get
        {
            if (Last is null || Last.Done == _first!.Done || IsFinished)
                return null;
            double whole = Seconds / (Last.Done - _first.Done) * (Last.Total - Last.Done);
            return TimeSpan.FromSeconds(Math.Max(0, whole - time.GetElapsedTime(_lastAt).TotalSeconds));
        }
    }

    public bool IsGoldenRisen => Last?.Golden > VisibleRise * _lowestGolden;

    double Seconds => time.GetElapsedTime(_firstAt, _lastAt).TotalSeconds;

    public void Report(LabProgress progress)
    {
        _lastAt = time.GetTimestamp();
        if (_first is null)
            (_first, _firstAt) = (progress, _lastAt);
        Last = progress;
        _lowestGolden = Math.Min(_lowestGolden, progress.Golden ?? double.PositiveInfinity);
    }
}
