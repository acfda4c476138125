namespace Goodhart.Cli.Benchmarks;

/// <summary>The rates of all peers over all rounds.</summary>
/// <param name="commands">Shells' command lines.</param>
/// <param name="limit">How long one run of one peer may take.</param>
sealed class PeerRuns(IReadOnlyList<string> commands, TimeSpan limit)
{
    readonly Dictionary<(string Command, string Case), List<double>> _rates = [];

    /// <summary>Runs each peer once.</summary>
    /// <param name="round">Written before each command, such as [round 1/3].</param>
    /// <param name="cases">What is measured; a peer may do more than that, but has to do one of them.</param>
    /// <param name="talk">Progress, and what the peers say.</param>
    /// <param name="cancellation">Ends the peer that is running.</param>
    /// <exception cref="UsageException">A peer fails, takes too long, or prints something else.</exception>
    public void Run(string round, IReadOnlyList<IBenchCase> cases, TextWriter talk, CancellationToken cancellation)
    {
        foreach (string command in commands)
        {
            talk.WriteLine($"{round} {command}");
            IReadOnlyDictionary<string, double> rates = PeerProgram.Run(command, limit, talk, cancellation);
            if (!cases.Any(each => rates.ContainsKey(each.Name)))
            {
                string printed = rates.Count == 0 ? "nothing" : string.Join(", ", rates.Keys.Take(8));
                throw new UsageException($"--peer: '{command}' should print one of the cases measured, got {printed}. Choose its cases with --only.");
            }

            foreach ((string name, double rate) in rates)
                (_rates.TryGetValue((command, name), out List<double>? known) ? known : _rates[(command, name)] = []).Add(rate);
        }
    }

    /// <summary>The row beside the fastest peer of its case, by the medians of the rounds.</summary>
    /// <param name="median">Of our rounds.</param>
    /// <param name="rounds">Our rates, round by round.</param>
    public BenchRow Compare(BenchRow median, IReadOnlyList<double?> rounds)
    {
        (string Command, double Rate, List<double> Rounds)[] peers = [.. from command in commands
                                                                         where _rates.ContainsKey((command, median.Case))
                                                                         let rates = _rates[(command, median.Case)]
                                                                         select (command, Timing.Median(rates), rates)];
        if (peers.Length == 0 || median.TokensPerSecond is not double rate)
            return median;

        (string fastest, double peerRate, List<double> peerRounds) = peers.MaxBy(peer => peer.Rate);
        return median with
        {
            Peer = fastest,
            PeerTokensPerSecond = peerRate,
            PeerRatio = rate / peerRate,
            PeerRatioMin = rounds.Count > 1 ? rounds.Zip(peerRounds, (own, other) => own / other).Min() : null,
        };
    }
}
