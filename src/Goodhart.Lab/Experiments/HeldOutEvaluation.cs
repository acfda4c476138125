using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Oracle;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using Goodhart.Models.Generation;

namespace Goodhart.Lab.Experiments;

/// <summary>Every distance of one evaluation.</summary>
/// <param name="Golden">KL(oracle || student) along the oracle's completions.</param>
/// <param name="Proxy">KL(teacher || student) along the teacher's completions.</param>
/// <param name="Line">All of them, under the names of metrics.jsonl.</param>
public sealed record Distances(Estimate Golden, Estimate Proxy, MetricLine Line);

/// <summary>Measures a student against oracle and teacher on the same held-out prompts, always the same way.</summary>
public sealed class HeldOutEvaluation
{
    readonly ICausalLm _oracle, _teacher;
    readonly ReferenceSet _golden, _proxy;
    readonly DistanceMeter _training;
    readonly StudentSamples _studentSamples;

    /// <param name="oracle">The truth.</param>
    /// <param name="teacher">The proxy for it.</param>
    /// <param name="heldOut">The oracle's completions of the held-out prompts.</param>
    /// <param name="config">Lengths, seed and sample sizes.</param>
    /// <param name="workers">The threads to use.</param>
    public HeldOutEvaluation(OracleModel oracle, ICausalLm teacher, IReadOnlyList<Example> heldOut, ExperimentConfig config, Workers workers)
    {
        (_oracle, _teacher) = (oracle.Model, teacher);
        int[][] prompts = [.. heldOut.Select(e => e.Ids[..e.PromptLength])];
        GenerationOptions options = new() { MaxNewTokens = config.Data.MaxCompletionLength, StopIds = oracle.Model.Config.EosTokenId };
        Completion[] written = new Generator(teacher, workers).Generate(prompts, options, i => new Rng(config.Seed, "held-out/teacher", i));
        _golden = new ReferenceSet(_oracle, heldOut, workers);
        _proxy = new ReferenceSet(teacher, [.. prompts.Zip(written, (p, c) => Example.Of(p, c.Ids))], workers);
        _training = new DistanceMeter(new LiveTeacher(teacher, workers), workers);
        _studentSamples = new StudentSamples(
            prompts[..Math.Min(prompts.Length, config.Evaluation.StudentSamples)], options, i => new Rng(config.Seed, "held-out/student", i), workers);
        TeacherGolden = _golden.Distances(teacher).ForwardKl;
    }

    /// <summary>KL(oracle || teacher): where golden would be if the student became the teacher.</summary>
    public Estimate TeacherGolden { get; }

    /// <summary>KL(oracle || model) alone.</summary>
    public Estimate Golden(ICausalLm model) => _golden.Distances(model).ForwardKl;

    /// <summary>All distances of a student.</summary>
    /// <param name="student">Whose.</param>
    /// <param name="trainingExamples">What it was last trained on, for the proxy on training samples; may be empty.</param>
    public Distances Measure(ICausalLm student, IReadOnlyList<Example> trainingExamples)
    {
        MetricLine line = [];
        (Estimate golden, Estimate goldenJsd) = _golden.Distances(student);
        (Estimate proxy, Estimate proxyJsd) = _proxy.Distances(student);
        Estimate[] reverse = _studentSamples.ReverseKl(student, _oracle, _teacher);
        Add(line, "golden/forward_kl", golden);
        Add(line, "proxy/forward_kl", proxy);
        if (trainingExamples.Count > 0)
            Add(line, "proxy_train/forward_kl", _training.Distances(student, trainingExamples).ForwardKl);
        Add(line, "golden/reverse_kl", reverse[0]);
        Add(line, "proxy/reverse_kl", reverse[1]);
        Add(line, "golden/jsd", goldenJsd);
        Add(line, "proxy/jsd", proxyJsd);
        Add(line, "teacher/golden_forward_kl", TeacherGolden);
        return new Distances(golden, proxy, line);
    }

    static void Add(MetricLine line, string name, Estimate estimate)
    {
        line[name + "_per_token"] = estimate.PerToken;
        line[name + "_per_token_stderr"] = estimate.PerTokenStdErr;
        line[name + "_per_sequence"] = estimate.PerSequence;
        line[name + "_per_sequence_stderr"] = estimate.PerSequenceStdErr;
    }
}
