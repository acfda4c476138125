using System.CommandLine;
using System.Text;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Rendering;
using Goodhart.Detection.Curves;
using Goodhart.Detection.Verdicts;

namespace Goodhart.Cli.Commands;

/// <summary>Verdicts on the logs of any tool.</summary>
sealed class DetectCommand : Verb
{
    readonly Argument<string[]> _logs = new("LOG")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "CSV with a header row, or JSON lines; one run each.",
    };

    readonly Option<string> _step = OptionOf.Text("--step", "NAME", "The column or key of the training step. [default: step]");
    readonly Option<string> _proxy = OptionOf.Text("--proxy", "NAME",
        "Of the held-out distance to the teacher. [default: proxy/forward_kl_per_token, proxy or eval_loss]");
    readonly Option<string> _golden = OptionOf.Text("--golden", "NAME",
        "Of the held-out distance to the truth; without it, the verdict rests on the law of the proxy alone. [default: golden/forward_kl_per_token or golden]");
    readonly Option<string> _train = OptionOf.Text("--train", "NAME",
        "Of the distance to the teacher on training samples. [default: proxy_train/forward_kl_per_token or proxy_train]");
    readonly Option<int?> _warmup = OptionOf.Number("--warmup-steps", "N",
        "Steps of learning-rate warm-up, which no law describes. [default: 0]", 0);
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write the verdicts as JSON.");

    public DetectCommand() : base("detect", "Judge the logs of any trainer: hacking, overfitting, healthy, converged, or not enough evidence. Exit code 3 if any is hacking.")
    {
        Arguments.Add(_logs);
        foreach (Option option in new Option[] { _step, _proxy, _golden, _train, _warmup, _json })
            Options.Add(option);
        _logs.Validators.Add(given =>
        {
            if (given.Tokens.FirstOrDefault(token => ParseProblems.IsOption(token.Value)) is { } unknown)
                given.AddError(ParseProblems.UnknownOption(unknown.Value, this));
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("a log with the columns step, proxy and golden", "goodhart detect run.csv"),
        new("an arm of the lab, whose warm-up had 100 steps", "goodhart detect runs/lab-1/offline/metrics.jsonl --warmup-steps 100"),
        new("two runs of a trainer that knows no oracle", "goodhart detect a.jsonl b.jsonl --proxy eval_kl --json"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        CurveColumns columns = new()
        {
            Step = given.GetValue(_step) ?? new CurveColumns().Step,
            Proxy = given.GetValue(_proxy),
            Golden = given.GetValue(_golden),
            Train = given.GetValue(_train),
        };
        VerdictRule rule = VerdictRule.Default;
        rule = rule with { Law = rule.Law with { WarmupSteps = given.GetValue(_warmup) ?? 0 } };
        JudgedLog[] judged = Judge(given.GetValue(_logs)!, columns, rule);

        if (given.GetValue(_json))
            terminal.Out.WriteLine(VerdictJson.Of(judged));
        else
            VerdictTable.Write(terminal, "log", "points", Rows(judged));
        return judged.Any(log => log.Verdict.Kind == VerdictKind.Hacking) ? ExitCode.Verdict : ExitCode.Done;
    }

    /// <summary>Logs go by their file's name, or where that tells nothing by their folder's.</summary>
    static VerdictRow[] Rows(JudgedLog[] logs)
    {
        string[] names = [.. logs.Select(log => Path.GetFileName(log.Path))];
        if (names.Distinct().Count() < names.Length)
            names = [.. logs.Select(log => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(log.Path)))!)];
        return [.. logs.Zip(names, (log, name) => new VerdictRow(
            name, VerdictJson.NameOf(log.Verdict.Kind), log.Verdict.Sentence, log.Verdict.Golden, log.Verdict.Proxy,
            log.Verdict.OnsetStep, Figures.Count(log.Curve.Points.Count)))];
    }

    /// <summary>All of them, or the problems of all that cannot be judged.</summary>
    static JudgedLog[] Judge(string[] paths, CurveColumns columns, VerdictRule rule)
    {
        List<JudgedLog> judged = [];
        List<string> problems = [];
        foreach (string path in paths)
        {
            try
            {
                Curve curve = Read(path, columns);
                judged.Add(new JudgedLog(path, curve, rule.Judge(curve)));
            }
            catch (Exception e) when (e is CurveException or IOException or UnauthorizedAccessException)
            {
                problems.Add(e.Message);
            }
        }

        return problems.Count == 0 ? [.. judged] : throw new UsageException(problems);
    }

    static Curve Read(string path, CurveColumns columns)
    {
        if (Directory.Exists(path))
            throw new CurveException($"{path}: is a folder. Name a log in it, such as metrics.jsonl.");

        using StreamReader reader = new(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return CurveReader.Read(reader, columns, path);
        }
        catch (DecoderFallbackException e)
        {
            throw new CurveException($"{path}: is not UTF-8 text. Save the log as UTF-8.", e);
        }
    }
}

/// <summary>A log and what came of it.</summary>
sealed record JudgedLog(string Path, Curve Curve, Verdict Verdict);
