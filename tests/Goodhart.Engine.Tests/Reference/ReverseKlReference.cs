using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>KL(q || p).</summary>
sealed class ReverseKlReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => DivergenceCases.Of(
        "ReverseKl",
        (tape, student, teacher, temperature) => tape.ReverseKl(student, teacher, temperature),
        (logP, logQ) => ForwardKlReference.Of(logQ, logP));
}
