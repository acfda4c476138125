using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using Goodhart.Models.Generation;

namespace Goodhart.Lab.Experiments;

/// <summary>Every distance of one evaluation.</summary>
/// <param name="Golden">KL(oracle || student) along the oracle's completions; null without an oracle.</param>
/// <param name="Proxy">KL(teacher || student) along the teacher's completions.</param>
/// <param name="Line">All of them, under the names of metrics.jsonl.</param>
public sealed record Distances(Estimate? Golden, Estimate Proxy, MetricLine Line);

/// <summary>Measures a student against the teacher, and the oracle where there is one, on the same held-out prompts, always the same way.</summary>
public sealed class HeldOutEvaluation
{
    readonly ICausalLm[] _references;
    readonly ReferenceSet? _golden;
    readonly ReferenceSet _proxy;
    readonly DistanceMeter _training;
    readonly StudentSamples _studentSamples;

    /// <param name="teacher">The proxy for the truth.</param>
    /// <param name="prompts">Held out from all training.</param>
    /// <param name="oracle">The truth and its completions of the prompts; null where nobody knows it.</param>
    /// <param name="sampling">How completions are written: at temperature 1.</param>
    /// <param name="studentSamples">Prompts that the student answers at each evaluation.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="workers">The threads to use.</param>
    public HeldOutEvaluation(
        ICausalLm teacher, IReadOnlyList<int[]> prompts, (ICausalLm Model, IReadOnlyList<Example> Completions)? oracle, GenerationOptions sampling,
        int studentSamples, long seed, Workers workers)
    {
        Completion[] written = new Generator(teacher, workers).Generate(prompts, sampling, i => new Rng(seed, "held-out/teacher", i));
        _references = oracle is { } known ? [teacher, known.Model] : [teacher];
        _golden = oracle is { } truth ? new ReferenceSet(truth.Model, truth.Completions, workers) : null;
        _proxy = new ReferenceSet(teacher, [.. prompts.Zip(written, (p, c) => Example.Of(p, c.Ids))], workers);
        _training = new DistanceMeter(new LiveTeacher(teacher, workers), workers);
        _studentSamples = new StudentSamples([.. prompts.Take(studentSamples)], sampling, i => new Rng(seed, "held-out/student", i), workers);
        TeacherGolden = Golden(teacher);
    }

    /// <summary>KL(oracle || teacher): where golden would be if the student became the teacher. Null without an oracle.</summary>
    public Estimate? TeacherGolden { get; }

    /// <summary>KL(oracle || model) alone; null without an oracle.</summary>
    public Estimate? Golden(ICausalLm model) => _golden?.Distances(model).ForwardKl;

    /// <summary>All distances of a student.</summary>
    /// <param name="student">Whose.</param>
    /// <param name="trainingExamples">What it was last trained on, for the proxy on training samples; may be empty.</param>
    public Distances Measure(ICausalLm student, IReadOnlyList<Example> trainingExamples)
    {
        MetricLine line = [];
        (Estimate ForwardKl, Estimate Jsd)? golden = _golden?.Distances(student);
        (Estimate proxy, Estimate proxyJsd) = _proxy.Distances(student);
        Estimate[] reverse = _studentSamples.ReverseKl(student, _references);
        Add(line, "golden/forward_kl", golden?.ForwardKl);
        Add(line, "proxy/forward_kl", proxy);
        if (trainingExamples.Count > 0)
            Add(line, "proxy_train/forward_kl", _training.Distances(student, trainingExamples).ForwardKl);
        Add(line, "golden/reverse_kl", reverse.ElementAtOrDefault(1));
        Add(line, "proxy/reverse_kl", reverse[0]);
        Add(line, "golden/jsd", golden?.Jsd);
        Add(line, "proxy/jsd", proxyJsd);
        Add(line, "teacher/golden_forward_kl", TeacherGolden);
        return new Distances(golden?.ForwardKl, proxy, line);
    }

    static void Add(MetricLine line, string name, Estimate? estimate)
    {
        if (estimate is null)
            return;
        line[name + "_per_token"] = estimate.PerToken;
        line[name + "_per_token_stderr"] = estimate.PerTokenStdErr;
        line[name + "_per_sequence"] = estimate.PerSequence;
        line[name + "_per_sequence_stderr"] = estimate.PerSequenceStdErr;
    }
}
