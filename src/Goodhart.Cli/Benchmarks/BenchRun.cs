using Goodhart.Engine.Autograd;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Rounds of the machine's limits, the peers and our cases, in turn.</summary>
/// <param name="cases">Ours, in the order of the rows.</param>
/// <param name="peers">Come first in a round, so that one that cannot run is known at once.</param>
/// <param name="rounds">How many.</param>
/// <param name="threads">Of the limits.</param>
/// <param name="profiles">Whether to write where the time of each case goes.</param>
sealed class BenchRun(IReadOnlyList<IBenchCase> cases, PeerRuns peers, int rounds, int threads, bool profiles)
{
    readonly Dictionary<string, List<BenchRow>> _ours = cases.ToDictionary(each => each.Name, _ => new List<BenchRow>());

    /// <summary>A row for each limit and each case: medians of the rounds, compared and judged.</summary>
    public IReadOnlyList<BenchRow> Measure(Terminal terminal, CancellationToken cancellation)
    {
        Ceilings? ceilings = null;
        for (int round = 1; round <= rounds; round++)
        {
            string label = $"[round {round}/{rounds}]";
            terminal.Error.WriteLine($"{label} what the machine can do");
            Ceilings now = Ceilings.Measure(threads);
            ceilings = ceilings?.Or(now) ?? now;
            peers.Run(label, cases, terminal.Error, cancellation);
            for (int i = 0; i < cases.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                terminal.Error.WriteLine($"[round {round}/{rounds}, case {i + 1}/{cases.Count}] {cases[i].Name}");
                OpProfile? profile = profiles ? new OpProfile() : null;
                _ours[cases[i].Name].Add(cases[i].Measure(profile));
                if (profile is not null)
                    ProfileTable.Write(terminal, cases[i].Name, profile);
            }
        }

        return [.. ceilings!.Rows(), .. cases.Select(each => Row(_ours[each.Name], ceilings).JudgedBy(each.Target))];
    }

    BenchRow Row(List<BenchRow> own, Ceilings ceilings)
    {
        BenchRow[] ordered = [.. own.OrderBy(Rate)];
        BenchRow median = ordered[ordered.Length / 2];
        double? spread = own.Count > 1 ? (Rate(ordered[^1]) - Rate(ordered[0])) / Rate(median) : null;
        return peers.Compare(ceilings.Compare(median) with { Spread = spread }, [.. own.Select(row => row.TokensPerSecond)]);
    }

    static double? Rate(BenchRow row) => row.TokensPerSecond ?? row.Gflops ?? row.GigabytesPerSecond;
}
