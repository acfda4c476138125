using Goodhart.Distillation.Data;

namespace Goodhart.Distillation.Tests.Data;

public sealed class LedgerTests
{
    [Fact]
    public void Prompts_completions_tokens_and_repetitions_are_counted()
    {
        Ledger ledger = new();
        foreach (Example example in (Example[])[
            Example.Of([1, 2], [3]), Example.Of([1, 2], [4, 5]), Example.Of([1, 2], [3]), Example.Of([1], [3, 3, 3])])
            ledger.Add(example);

        Assert.Equal(2, ledger.UniquePrompts);
        Assert.Equal(3, ledger.UniqueCompletions);
        Assert.Equal(4, ledger.Visits);
        Assert.Equal(7, ledger.Tokens);
        Assert.Equal(4.0 / 3, ledger.Reuse);
        Assert.Equal(0.75, ledger.FreshFraction);
    }

    [Fact]
    public void An_empty_ledger_is_all_zeros()
    {
        Ledger ledger = new();

        Assert.Equal((0, 0, 0L, 0.0, 0.0), (ledger.UniquePrompts, ledger.UniqueCompletions, ledger.Visits, ledger.Reuse, ledger.FreshFraction));
    }
}
