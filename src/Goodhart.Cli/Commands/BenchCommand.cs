using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Goodhart.Cli.Benchmarks;
using Goodhart.Cli.Parsing;
using Example = Goodhart.Cli.Parsing.Example;

namespace Goodhart.Cli.Commands;

/// <summary>How fast everything is on this machine, beside what the machine can do and what peers do.</summary>
sealed class BenchCommand : Verb
{
    const int UsualPeerSeconds = 1800, MostPeerSeconds = 86400;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    readonly Option<string[]> _only = new("--only")
    {
        HelpName = "NAME",
        Description = $"Cases or groups ({string.Join(", ", Suite.Groups)}) to measure; the beginning of a name is enough. May be repeated. [default: all but scaling]",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string[]> _peer = new("--peer")
    {
        HelpName = "CMD",
        Description = "A program that does the same work and prints JSON objects with 'case' and 'tokens_per_second', one a line; see bench/peers. May be repeated: the fastest peer of a case counts.",
    };

    readonly Option<int?> _peerTimeout = OptionOf.Number(
        "--peer-timeout", "SECONDS", $"How long one run of a peer may take. [default: {UsualPeerSeconds}]", 1, most: MostPeerSeconds);

    readonly Option<int?> _rounds = OptionOf.Number("--rounds", "N",
        "How often the machine's limits, the peers and the cases are measured, in turn. Rates and ratios are medians over the rounds, and 'least' is the lowest ratio of one round; of the limits, the highest counts. [default: 1]", 1, most: 100);

    readonly Option<string> _model = OptionOf.Text("--model", "PATH",
        "The model of greedy-1: a llama2.c checkpoint or a model directory. [default: random weights of stories260K's shape]");

    readonly Option<string> _plot = OptionOf.Text("--plot", "FILE",
        "Draw the scaling group, time per step over each size, as FILE.svg or FILE.html.");

    readonly Option<string> _output = OptionOf.Text("--output", "DIR",
        "Also add the table, with the command, the machine and the date, to DIR/<processor>/<date>.md.");

    readonly Option<int?> _threads = OptionOf.Threads();
    readonly Option<bool> _profile = OptionOf.Flag("--profile", "After each case, write where its time went, op by op; this costs some time itself.");
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write a list of rows as JSON.");

    public BenchCommand() : base("bench", "Measure the machine's limits, every kernel, distillation steps and sampling, beside targets and peers.")
    {
        foreach (Option option in new Option[] { _only, _peer, _peerTimeout, _rounds, _model, _plot, _output, _threads, _profile, _json })
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("everything but scaling, in about two minutes", "goodhart bench"),
        new("where a step of a medium model spends its time", "goodhart bench --only medium --profile"),
        new("distillation steps and sampling beside PyTorch, three rounds each",
            "goodhart bench --only step generate --rounds 3 \\\n  --peer \"python3 bench/peers/torch_peer.py\""),
        new("how the time of a step grows with its size", "goodhart bench --only scaling --plot scaling.html"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        int threads = given.ThreadsOf(_threads);
        IBenchCase[] cases = Chosen(
            Suite.Cases(threads, given.GetValue(_model) is string path ? BenchedModel.Load(path) : null), given.GetValue(_only) ?? []);
        PeerRuns peers = new(given.GetValue(_peer) ?? [], TimeSpan.FromSeconds(given.GetValue(_peerTimeout) ?? UsualPeerSeconds));

        string? plot = given.GetValue(_plot), output = given.GetValue(_output);
        if (plot is not null)
            ScalingPlot.Check(plot, cases);
        if (output is not null)
            ResultsFile.Check(output);

        IReadOnlyList<BenchRow> rows = new BenchRun(cases, peers, given.GetValue(_rounds) ?? 1, threads, given.GetValue(_profile)).Measure(terminal, cancellation);
        rows = [.. rows, .. Scaling.Fits(rows)];
        if (given.GetValue(_json))
            terminal.Out.WriteLine(JsonSerializer.Serialize(rows, Json));
        else
            BenchTable.Write(terminal, rows);
        if (plot is not null)
            ScalingPlot.Write(plot, rows);
        if (output is not null)
            terminal.Error.WriteLine(ResultsFile.Append(output, given, threads, rows));
        return ExitCode.Done;
    }

    static IBenchCase[] Chosen(IReadOnlyList<IBenchCase> all, string[] names)
    {
        string[] unknown = [.. names.Where(name => !all.Any(each => Fits(all, each, name)))];
        if (unknown.Length > 0)
            throw new UsageException([.. unknown.Select(name => $"--only should begin the name of a case or be a group ({string.Join(", ", Suite.Groups)}), got '{name}'.")]);
        return [.. all.Where(each => names.Length == 0 ? each.Group != Scaling.Group : names.Any(name => Fits(all, each, name)))];
    }

    /// <summary>By its group, by its whole name, or, where no case has that name, by its beginning.</summary>
    static bool Fits(IReadOnlyList<IBenchCase> all, IBenchCase each, string name) =>
        each.Group == name || each.Name == name || (each.Name.StartsWith(name, StringComparison.Ordinal) && all.All(other => other.Name != name));
}
