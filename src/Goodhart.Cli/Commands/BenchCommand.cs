using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Goodhart.Cli.Benchmarks;
using Goodhart.Cli.Parsing;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Example = Goodhart.Cli.Parsing.Example;

namespace Goodhart.Cli.Commands;

/// <summary>How fast everything is on this machine, beside what the machine can do and what a peer does.</summary>
sealed class BenchCommand : Verb
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    readonly Option<string[]> _only = new("--only")
    {
        HelpName = "NAME",
        Description = "Cases or groups (matmul, op, step, sampling) to measure; the beginning of a name is enough. May be repeated. [default: all]",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string> _peer = OptionOf.Text("--peer", "CMD",
        "A program that does the same work and prints JSON objects with 'case' and 'tokens_per_second', one a line; run in turn with ours.");

    readonly Option<int?> _rounds = OptionOf.Number("--rounds", "N", "How often each case, and the peer, is measured; the median counts. [default: 1]", 1, most: 100);
    readonly Option<int?> _threads = OptionOf.Threads();
    readonly Option<bool> _profile = OptionOf.Flag("--profile", "After each case, write where its time went, op by op; this costs some time itself.");
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write a list of rows as JSON.");

    public BenchCommand() : base("bench", "Measure the machine's limits, every kernel, distillation steps and sampling, side by side with a peer.")
    {
        foreach (Option option in new Option[] { _only, _peer, _rounds, _threads, _profile, _json })
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("everything, in about two minutes", "goodhart bench"),
        new("where a step of a medium model spends its time", "goodhart bench --only medium --profile"),
        new("distillation steps and sampling beside PyTorch, three rounds each",
            "goodhart bench --only step sampling --rounds 3 \\\n  --peer \"python3 bench/peers/torch_peer.py\""),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        int threads = given.ThreadsOf(_threads), rounds = given.GetValue(_rounds) ?? 1;
        IBenchCase[] cases = Chosen(Suite.Cases(threads), given.GetValue(_only) ?? []);
        terminal.Error.WriteLine("Measuring what the machine can do...");
        Ceilings ceilings;
        using (Workers all = new(threads))
            ceilings = Ceilings.Measure(all);

        Dictionary<string, List<BenchRow>> ours = cases.ToDictionary(each => each.Name, _ => new List<BenchRow>());
        Dictionary<string, List<double>> peers = [];
        for (int round = 1; round <= rounds; round++)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                terminal.Error.WriteLine($"[round {round}/{rounds}, case {i + 1}/{cases.Length}] {cases[i].Name}");
                OpProfile? profile = given.GetValue(_profile) ? new OpProfile() : null;
                ours[cases[i].Name].Add(cases[i].Measure(ceilings, profile));
                if (profile is not null)
                    ProfileTable.Write(terminal, cases[i].Name, profile);
            }

            if (given.GetValue(_peer) is not string command)
                continue;
            terminal.Error.WriteLine($"[round {round}/{rounds}] {command}");
            foreach ((string name, double rate) in PeerProgram.Run(command, terminal.Error, cancellation))
                (peers.TryGetValue(name, out List<double>? rates) ? rates : peers[name] = []).Add(rate);
        }

        BenchRow[] rows = [.. ceilings.Rows(threads), .. cases.Select(each => Row(ours[each.Name], peers.GetValueOrDefault(each.Name)))];
        if (given.GetValue(_json))
            terminal.Out.WriteLine(JsonSerializer.Serialize(rows, Json));
        else
            BenchTable.Write(terminal, rows);
        return ExitCode.Done;
    }

    static IBenchCase[] Chosen(IReadOnlyList<IBenchCase> all, string[] names)
    {
        string[] unknown = [.. names.Where(name => !all.Any(each => Fits(all, each, name)))];
        if (unknown.Length > 0)
            throw new UsageException([.. unknown.Select(name => $"--only should begin the name of a case or be a group (matmul, op, step, sampling), got '{name}'.")]);
        return [.. all.Where(each => names.Length == 0 || names.Any(name => Fits(all, each, name)))];
    }

    /// <summary>By its group, by its whole name, or, where no case has that name, by its beginning.</summary>
    static bool Fits(IReadOnlyList<IBenchCase> all, IBenchCase each, string name) =>
        each.Group == name || each.Name == name || (each.Name.StartsWith(name, StringComparison.Ordinal) && all.All(other => other.Name != name));

    /// <summary>The median of the rounds, and the peer's.</summary>
    static BenchRow Row(List<BenchRow> rounds, List<double>? peer)
    {
        BenchRow median = rounds.OrderBy(row => row.TokensPerSecond ?? row.Gflops ?? row.GigabytesPerSecond).ElementAt(rounds.Count / 2);
        if (peer is null)
            return median;
        double rate = Timing.Median(peer);
        return median with { PeerTokensPerSecond = rate, PeerRatio = median.TokensPerSecond / rate };
    }
}
