using System.Diagnostics;
using Goodhart.Detection.Curves;
using Goodhart.Detection.Verdicts;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using CurvePoint = Goodhart.Detection.Curves.CurvePoint;

namespace Goodhart.Lab.Experiments;

/// <summary>What a distillation needs, whoever asks for it.</summary>
sealed record DistillationPlan
{
    /// <summary>What progress and reports call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where its files go in the run's folder; empty for the folder itself.</summary>
    public required string Folder { get; init; }

    /// <summary>Who writes the completions, in a word.</summary>
    public required string Source { get; init; }

    /// <summary>Offline examples are seen again, so what the teacher says of them is remembered.</summary>
    public required CompletionMode Mode { get; init; }

    /// <summary>Trained in place.</summary>
    public required ICausalLm Student { get; init; }

    public required ICausalLm Teacher { get; init; }

    public required IExampleSource Data { get; init; }

    public required DistillationLoss Loss { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>Evaluations, spread over the logarithm of the steps.</summary>
    public required int Points { get; init; }

    public required long Seed { get; init; }
}

/// <summary>Distils a student, measuring and judging as it goes.</summary>
sealed class DistillationRun
{
    const int TrainingSamples = 256;

    readonly DistillationPlan _plan;
    readonly HeldOutEvaluation _heldOut;
    readonly RecentExamples _data;
    readonly Workers _workers;
    readonly CheckpointKeeper _checkpoints;
    readonly IProgress<LabProgress> _progress;
    readonly List<CurvePoint> _points = [];
    readonly HashSet<int> _evaluations;
    readonly MetricLog _log;

    public DistillationRun(
        DistillationPlan plan, HeldOutEvaluation heldOut, RunFolder folder, Action<ICausalLm, string> save, Workers workers, IProgress<LabProgress> progress)
    {
        (_plan, _heldOut, _workers, _progress) = (plan, heldOut, workers, progress);
        _data = new RecentExamples(plan.Data, TrainingSamples);
        _evaluations = [.. EvaluationSteps.LogSpaced(plan.Training.MaxSteps, plan.Points)];
        _log = MetricLog.Open(folder.PathOf(plan.Folder, "metrics.jsonl"));
        _checkpoints = new CheckpointKeeper(folder, plan.Folder, save);
    }

    /// <summary>Runs to the last step, or to where it is stopped.</summary>
    /// <exception cref="TrainingException">The loss is not finite; the last good checkpoint is kept.</exception>
    public ArmSummary Run(CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        TrainingStep last = default;
        using (_log)
        {
            Evaluate(last);
            Distil(step =>
            {
                last = step;
                if (cancellation.IsCancellationRequested)
                    return RunDecision.Stop;
                if (_evaluations.Contains(step.Step))
                    Evaluate(step);
                else
                    Log(step);
                return RunDecision.Continue;
            });
            if (cancellation.IsCancellationRequested && last.Step != (int)_points[^1].Step)
                Evaluate(last);
        }

        return Summarize(last, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    void Distil(Func<TrainingStep, RunDecision> onStep)
    {
        try
        {
            LogitDistillation.Run(_plan.Student, Teacher(), _data, _plan.Loss, _plan.Training, _workers, onStep);
        }
        catch (TrainingException e)
        {
            throw new TrainingException($"{_plan.Name}, {e.Message} That is {_checkpoints.Last}.", e.Step);
        }
    }

    ITeacher Teacher()
    {
        LiveTeacher live = new(_plan.Teacher, _workers);
        return _plan.Mode == CompletionMode.Offline ? new CachedTeacher(live) : live;
    }

    void Evaluate(TrainingStep step)
    {
        Distances distances = _heldOut.Measure(_plan.Student, _data.Recent);
        _points.Add(new CurvePoint(
            step.Step, distances.Proxy.PerToken, distances.Proxy.PerTokenStdErr, distances.Golden?.PerToken, distances.Golden?.PerTokenStdErr,
            distances.Line.Number("proxy_train/forward_kl_per_token")));
        _checkpoints.Save(_plan.Student, step.Step, (distances.Golden ?? distances.Proxy).PerToken);

        Verdict verdict = Judge();
        MetricLine line = StepLine(step);
        foreach ((string name, MetricValue value) in distances.Line)
            line[name] = value;
        line["data/unique_prompts"] = _data.Ledger.UniquePrompts;
        line["data/unique_completions"] = _data.Ledger.UniqueCompletions;
        line["data/reuse"] = _data.Ledger.Reuse;
        line["data/fresh_fraction"] = _data.Ledger.FreshFraction;
        line["hacking/verdict"] = NameOf(verdict.Kind);
        _log.Write(line);
        Report(step, isEvaluation: true);
    }

    void Log(TrainingStep step)
    {
        _log.Write(StepLine(step));
        Report(step, isEvaluation: false);
    }

    void Report(TrainingStep step, bool isEvaluation) => _progress.Report(new LabProgress(
        _plan.Name, step.Step, _plan.Training.MaxSteps, step.Tokens, step.Step == 0 ? null : step.Loss, _points[^1].Proxy, _points[^1].Golden)
    {
        IsEvaluation = isEvaluation,
    });

    static MetricLine StepLine(TrainingStep step)
    {
        MetricLine line = [];
        line["step"] = step.Step;
        if (step.Step == 0)
            return line;
        line["loss"] = step.Loss;
        line["grad_norm"] = step.GradNorm;
        line["learning_rate"] = step.LearningRate;
        line["num_tokens"] = step.Tokens;
        return line;
    }

    Verdict Judge()
    {
        VerdictRule rule = VerdictRule.Default;
        return (rule with { Law = rule.Law with { WarmupSteps = _plan.Training.WarmupSteps } }).Judge(new Curve(_points));
    }

    ArmSummary Summarize(TrainingStep last, double seconds)
    {
        Verdict verdict = Judge();
        return new ArmSummary
        {
            Arm = _plan.Name,
            Folder = _plan.Folder,
            Source = _plan.Source,
            Mode = NameOf(_plan.Mode),
            Verdict = NameOf(verdict.Kind),
            VerdictSentence = verdict.Sentence,
            GoldenForwardKl = CurveSummary.Of(_points.Where(p => p.Golden is not null).Select(p => ((long)p.Step, p.Golden!.Value))),
            ProxyForwardKl = CurveSummary.Of(_points.Select(p => ((long)p.Step, p.Proxy))),
            OnsetStep = (long?)verdict.OnsetStep,
            Law = verdict.Law is not { } law ? null : new LawSummary
            {
                Amplitude = law.Amplitude,
                Exponent = law.Exponent,
                Offset = law.Offset,
                FirstStep = (long)verdict.LawFirstStep!.Value,
                LastStep = (long)verdict.LawLastStep!.Value,
            },
            Seed = _plan.Seed,
            Steps = last.Step,
            Tokens = last.Tokens,
            Seconds = Math.Round(seconds, 1),
            BestCheckpoint = _checkpoints.Best,
            LastCheckpoint = _checkpoints.Last,
            Ledger = new LedgerSummary
            {
                UniquePrompts = _data.Ledger.UniquePrompts,
                UniqueCompletions = _data.Ledger.UniqueCompletions,
                Reuse = _data.Ledger.Reuse,
                FreshFraction = _data.Ledger.FreshFraction,
            },
            Finished = last.Step == _plan.Training.MaxSteps,
        };
    }

    static string NameOf<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
