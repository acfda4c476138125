using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;

namespace Goodhart.Distillation.Losses;

/// <summary>Which distance between next-token distributions is minimised.</summary>
public enum LossKind
{
    /// <summary>KL(teacher || student), mode-covering.</summary>
    ForwardKl,

    /// <summary>KL(student || teacher), mode-seeking.</summary>
    ReverseKl,

    /// <summary>The generalised Jensen-Shannon divergence (GKD).</summary>
    Jsd,

    /// <summary>Cross-entropy of the tokens drawn; with a teacher's tokens this is sequence-level distillation.</summary>
    Ce,
}

/// <summary>A loss at every completion token.</summary>
public sealed record DistillationLoss
{
    /// <summary>Which distance. Default forward_kl.</summary>
    public LossKind Kind { get; init; } = LossKind.ForwardKl;

    /// <summary>Of jsd: 0 is the forward side and exactly forward KL, 1 the reverse side. Default 0.5.</summary>
    public double Beta { get; init; } = 0.5;

    /// <summary>Divides both logits, and the loss is multiplied by its square. Default 1.</summary>
    public double LossTemperature { get; init; } = 1;

    /// <summary>Weight of the distance. Default 1.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Weight of the cross-entropy that is added to another distance. Default 0.</summary>
    public double CeAlpha { get; init; }

    /// <summary>Whether the teacher's logits are needed.</summary>
    public bool NeedsTeacher => Kind != LossKind.Ce;

    /// <summary>The formula, for the start of a run.</summary>
    public string Formula => FormattableString.Invariant(
        $"{(Alpha == 1 ? "" : $"{Alpha} ")}{Distance}{(LossTemperature == 1 || !NeedsTeacher ? "" : $" at temperature {LossTemperature}, times its square")}{(CeAlpha == 0 ? "" : $" - {CeAlpha} log student(token)")}");

    string Distance => Kind switch
    {
        LossKind.ForwardKl => "KL(teacher || student)",
        LossKind.ReverseKl => "KL(student || teacher)",
        LossKind.Jsd => FormattableString.Invariant($"{Beta} KL(teacher || m) + {1 - Beta} KL(student || m), m = {Beta} teacher + {1 - Beta} student"),
        _ => "-log student(token)",
    };

    /// <summary>The sum of all rows' losses, each times a weight: [1, 1], nats.</summary>
    /// <param name="tape">The student's tape.</param>
    /// <param name="student">Of shape [N, V].</param>
    /// <param name="teacher">Of shape [N, V]; null where <see cref="NeedsTeacher"/> is false.</param>
    /// <param name="targets">N ids.</param>
    /// <param name="weight">1 / tokens of the whole step makes it their mean.</param>
    public Tensor Sum(Tape tape, Projection student, Projection? teacher, int[] targets, float weight)
    {
        float own = (float)Alpha * weight;
        Tensor distance = Kind switch
        {
            LossKind.ForwardKl => tape.ForwardKl(student, teacher!.Value, own, (float)LossTemperature),
            LossKind.ReverseKl => tape.ReverseKl(student, teacher!.Value, own, (float)LossTemperature),
            LossKind.Jsd => tape.JensenShannon(student, teacher!.Value, own, (float)Beta, (float)LossTemperature),
            _ => tape.CrossEntropy(student, targets, own),
        };
        return CeAlpha == 0 ? distance : tape.Sum([(distance, 1), (tape.CrossEntropy(student, targets, (float)CeAlpha * weight), 1)]);
    }

    /// <summary>All problems, as "name: should be ..., got ...".</summary>
    public IEnumerable<string> Validate()
    {
        if (Beta is not (>= 0 and <= 1))
            yield return $"beta: should be from 0 to 1, got {Beta}.";
        if (LossTemperature is not (> 0 and < double.PositiveInfinity))
            yield return $"loss_temperature: should be above 0, got {LossTemperature}.";
        if (Alpha is not (>= 0 and < double.PositiveInfinity))
            yield return $"alpha: should be at least 0, got {Alpha}.";
        if (CeAlpha is not (>= 0 and < double.PositiveInfinity))
            yield return $"ce_alpha: should be at least 0, got {CeAlpha}.";
        if (Alpha == 0 && CeAlpha == 0)
            yield return "alpha: should be above 0 where nothing else is learnt, got 0.";
    }
}
