using System.Diagnostics;
using Goodhart.Detection.Curves;
using Goodhart.Detection.Verdicts;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Oracle;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using CurvePoint = Goodhart.Detection.Curves.CurvePoint;

namespace Goodhart.Lab.Experiments;

/// <summary>One arm: distils a copy of the starting student on the arm's data, measuring and judging as it goes.</summary>
sealed class ArmRun
{
    const int TrainingSamples = 256;

    readonly Arm _arm;
    readonly ExperimentConfig _config;
    readonly OracleModel _oracle;
    readonly ICausalLm _teacher, _student;
    readonly HeldOutEvaluation _heldOut;
    readonly RecentExamples _data;
    readonly Workers _workers;
    readonly CheckpointKeeper _checkpoints;
    readonly IProgress<LabProgress> _progress;
    readonly List<CurvePoint> _points = [];
    readonly HashSet<int> _evaluations;
    readonly MetricLog _log;

    public ArmRun(
        Arm arm, ExperimentConfig config, OracleModel oracle, ICausalLm teacher, ICausalLm start, IReadOnlyList<int[]> prompts,
        HeldOutEvaluation heldOut, RunFolder folder, Workers workers, IProgress<LabProgress> progress)
    {
        (_arm, _config, _oracle, _teacher, _heldOut, _workers, _progress) = (arm, config, oracle, teacher, heldOut, workers, progress);
        _student = start.Copy(trainable: true);
        _data = new RecentExamples(ArmData.Create(arm, oracle, teacher, _student, prompts, config, workers), TrainingSamples);
        _evaluations = [.. EvaluationSteps.LogSpaced(config.Distillation.MaxSteps, config.Evaluation.Points)];
        _log = MetricLog.Open(folder.PathOf(arm.Name, "metrics.jsonl"));
        _checkpoints = new CheckpointKeeper(folder, arm.Name, oracle);
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
            LogitDistillation.Run(_student, Teacher(), _data, _config.Loss, _config.Distillation, _workers, onStep);
        }
        catch (TrainingException e)
        {
            throw new TrainingException($"{_arm.Name}, {e.Message} That is {_checkpoints.Last}.", e.Step);
        }
    }

    ITeacher Teacher()
    {
        LiveTeacher live = new(_teacher, _workers);
        return _arm.Mode == CompletionMode.Offline ? new CachedTeacher(live) : live;
    }

    void Evaluate(TrainingStep step)
    {
        Distances distances = _heldOut.Measure(_student, _data.Recent);
        _points.Add(new CurvePoint(
            step.Step, distances.Proxy.PerToken, distances.Proxy.PerTokenStdErr, distances.Golden.PerToken, distances.Golden.PerTokenStdErr,
            distances.Line.Number("proxy_train/forward_kl_per_token")));
        _checkpoints.Save(_student, step.Step, distances.Golden.PerToken);

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
        _arm.Name, step.Step, _config.Distillation.MaxSteps, step.Tokens, step.Step == 0 ? null : step.Loss, _points[^1].Proxy, _points[^1].Golden)
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
        return (rule with { Law = rule.Law with { WarmupSteps = _config.Distillation.WarmupSteps } }).Judge(new Curve(_points));
    }

    ArmSummary Summarize(TrainingStep last, double seconds)
    {
        Verdict verdict = Judge();
        return new ArmSummary
        {
            Arm = _arm.Name,
            Source = NameOf(_arm.Source),
            Mode = NameOf(_arm.Mode),
            Verdict = NameOf(verdict.Kind),
            VerdictSentence = verdict.Sentence,
            GoldenForwardKl = CurveSummary.Of(_points.Select(p => ((long)p.Step, p.Golden!.Value))),
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
            Seed = _config.Seed,
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
            Finished = last.Step == _config.Distillation.MaxSteps,
        };
    }

    static string NameOf<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
