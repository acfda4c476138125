using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>beta KL(p || m) + (1 - beta) KL(q || m) with m = beta p + (1 - beta) q.</summary>
sealed class JensenShannonReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => ((float[])[0.1f, 0.5f, 0.9f]).SelectMany(beta => DivergenceCases.Of(
        $"JensenShannon({beta})",
        (tape, student, teacher, temperature) => tape.JensenShannon(student, teacher, beta, temperature),
        (logP, logQ) => Of(logP, logQ, beta)));

    public static double Of(double[] logP, double[] logQ, double beta)
    {
        double[] logM = [.. logP.Zip(logQ, (p, q) => Math.Log(beta * Math.Exp(p) + (1 - beta) * Math.Exp(q)))];
        return beta * ForwardKlReference.Of(logP, logM) + (1 - beta) * ForwardKlReference.Of(logQ, logM);
    }
}
