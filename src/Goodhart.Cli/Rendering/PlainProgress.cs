using Goodhart.Lab.Experiments;

namespace Goodhart.Cli.Rendering;

/// <summary>Lines for a log file: one for each evaluation, the end of a stage, and else one in a few seconds.</summary>
sealed class PlainProgress(TextWriter writer, TimeProvider time) : IProgress<LabProgress>
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    readonly long _started = time.GetTimestamp();
    StageState _stage = new("", time);
    long _written;

    /// <inheritdoc/>
    public void Report(LabProgress value)
    {
        bool isNew = value.Stage != _stage.Name;
        if (isNew)
            _stage = new StageState(value.Stage, time);
        _stage.Report(value);
        if (!isNew && !value.IsEvaluation && !_stage.IsFinished && time.GetElapsedTime(_written) < Period)
            return;

        _written = time.GetTimestamp();
        writer.WriteLine(string.Join(' ', Words(value)));
    }

    IEnumerable<string> Words(LabProgress now)
    {
        yield return $"[{Figures.Duration(time.GetElapsedTime(_started))}] {now.Stage} {now.Done}/{now.Total}";
        if (now.Loss is double loss)
            yield return $"loss {Figures.Nats(loss)}";
        if (now.Proxy is double proxy)
            yield return $"proxy {Figures.Nats(proxy)}";
        if (now.Golden is double golden)
            yield return $"golden {Figures.Nats(golden)}";
        if (_stage.TokensPerSecond is double rate)
            yield return $"{Figures.Rate(rate)} tok/s";
        if (_stage.Left is TimeSpan left && now.Tokens > 0)
            yield return $"{Figures.Duration(left)} left";
    }
}
