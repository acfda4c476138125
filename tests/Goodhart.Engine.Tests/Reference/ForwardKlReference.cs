using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>KL(p || q) = sum p (log p - log q).</summary>
sealed class ForwardKlReference : IOpReference
{
    public IEnumerable<OpCase> Cases() =>
        DivergenceCases.Of("ForwardKl", (tape, student, teacher, temperature) => tape.ForwardKl(student, teacher, temperature), Of);

    public static double Of(double[] logP, double[] logQ) => logP.Zip(logQ, (p, q) => Math.Exp(p) * (p - q)).Sum();
}
