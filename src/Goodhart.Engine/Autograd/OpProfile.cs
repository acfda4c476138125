using System.Diagnostics;

namespace Goodhart.Engine.Autograd;

/// <summary>Where the time of a computation goes, op by op. Given to <see cref="Threading.Workers"/>, it hears of every tape that uses them.</summary>
public sealed class OpProfile
{
    readonly Dictionary<string, OpTime> _times = [];

    /// <summary>The ops so far, the costliest first.</summary>
    public IReadOnlyList<OpTime> Times => [.. _times.Values.OrderByDescending(time => time.Forward + time.Backward)];

    /// <summary>Forgets what was measured so far.</summary>
    public void Clear() => _times.Clear();

    /// <summary>Counts a call of an op.</summary>
    internal void Add(Op op, long start, bool isBackward)
    {
        string name = op.GetType().Name;
        Add(name[..name.IndexOf("Op", StringComparison.Ordinal)], start, isBackward);
    }

    /// <summary>Counts a call of something that is never recorded.</summary>
    internal void Add(string name, long start, bool isBackward)
    {
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        OpTime time = _times.GetValueOrDefault(name) ?? new OpTime(name, 0, default, default);
        _times[name] = isBackward ? time with { Backward = time.Backward + took } : time with { Calls = time.Calls + 1, Forward = time.Forward + took };
    }
}

/// <summary>What an op cost.</summary>
/// <param name="Op">Its name.</param>
/// <param name="Calls">Of its forward pass, with and without recording.</param>
/// <param name="Forward">Time of all forward passes.</param>
/// <param name="Backward">Time of all backward passes.</param>
public sealed record OpTime(string Op, long Calls, TimeSpan Forward, TimeSpan Backward);
