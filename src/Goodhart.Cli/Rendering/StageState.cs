using Goodhart.Lab.Experiments;

namespace Goodhart.Cli.Rendering;

/// <summary>How far a stage of the lab is, how fast it goes, and how long it will still take.</summary>
sealed class StageState(string name, TimeProvider time)
{
    /// <summary>A golden this much above its lowest is shown as risen.</summary>
    const double VisibleRise = 1.05;

    /// <summary>Evaluations crowd at the beginning, so only the last seconds tell what is to come.</summary>
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    readonly Queue<(long At, LabProgress Progress)> _recent = [];
    (long At, LabProgress Progress) _first;
    long _lastAt;
    double _lowestGolden = double.PositiveInfinity;

    public string Name { get; } = name;

    /// <summary>Null before it has begun.</summary>
    public LabProgress? Last { get; private set; }

    public bool IsFinished => Last is not null && Last.Done >= Last.Total;

    /// <summary>From 0 to 1.</summary>
    public double Fraction => Last is { Total: > 0 } last ? Math.Min(1, (double)last.Done / last.Total) : 0;

    /// <summary>Of the last seconds; of the whole stage at its end.</summary>
    public double? TokensPerSecond => Rate(IsFinished ? _first : _recent.FirstOrDefault(), progress => progress.Tokens);

    /// <summary>Null before there is anything to judge by, and at the end.</summary>
    public TimeSpan? Left => !IsFinished && Rate(_recent.FirstOrDefault(), progress => progress.Done) is double rate
        ? TimeSpan.FromSeconds(Math.Max(0, (Last!.Total - Last.Done) / rate - time.GetElapsedTime(_lastAt).TotalSeconds))
        : null;

    public bool IsGoldenRisen => Last?.Golden > VisibleRise * _lowestGolden;

    public void Report(LabProgress progress)
    {
        _lastAt = time.GetTimestamp();
        if (Last is null)
            _first = (_lastAt, progress);
        Last = progress;
        _lowestGolden = Math.Min(_lowestGolden, progress.Golden ?? double.PositiveInfinity);

        _recent.Enqueue((_lastAt, progress));
        while (_recent.Count > 2 && time.GetElapsedTime(_recent.Peek().At, _lastAt) > Window)
            _recent.Dequeue();
    }

    /// <summary>Growth a second since then; null where nothing has grown.</summary>
    double? Rate((long At, LabProgress Progress) since, Func<LabProgress, long> amount)
    {
        if (Last is null || since.Progress is null)
            return null;
        double seconds = time.GetElapsedTime(since.At, _lastAt).TotalSeconds;
        long grown = amount(Last) - amount(since.Progress);
        return grown > 0 && seconds > 0 ? grown / seconds : null;
    }
}
