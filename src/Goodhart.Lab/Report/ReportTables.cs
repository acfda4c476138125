using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>The numbers behind the charts: verdicts, data, other distances, models.</summary>
static class ReportTables
{
    static readonly string[] References = ["golden", "proxy"];
    static readonly string[] DistanceNames = ["forward_kl", "reverse_kl", "jsd"];

    public static Markup Verdict(RunRecord run, IReadOnlyDictionary<string, string> colors) => Table.Render(
        ["arm", "verdict", "first", "lowest", "at step", "last", "rise", "first", "lowest", "at step", "last", "onset"],
        textColumns: 2,
        run.Summary.Arms.Select(arm => (IReadOnlyList<Markup>)
        [
            Name(arm, colors),
            Markup.Of($"{Prose.Of(arm.Verdict)}{(arm.Finished ? "" : $" (stopped at step {Numbers.Count(arm.Steps)})")}"),
            Text(Numbers.Nats(arm.GoldenForwardKl?.First)),
            Text(Numbers.Nats(arm.GoldenForwardKl?.Min)),
            Text(Numbers.Count(arm.GoldenForwardKl?.MinStep)),
            Text(Numbers.Nats(arm.GoldenForwardKl?.Last)),
            Markup.Of($"<b>{Numbers.Change(arm.GoldenForwardKl?.Rise)}</b>"),
            Text(Numbers.Nats(arm.ProxyForwardKl?.First)),
            Text(Numbers.Nats(arm.ProxyForwardKl?.Min)),
            Text(Numbers.Count(arm.ProxyForwardKl?.MinStep)),
            Text(Numbers.Nats(arm.ProxyForwardKl?.Last)),
            Text(Numbers.Count(arm.OnsetStep)),
        ]),
        [("", 2), ("golden: distance to the truth", 5), ("proxy: distance to the teacher", 4), ("", 1)]);

    public static Markup Ledger(RunRecord run, IReadOnlyDictionary<string, string> colors) => Table.Render(
        ["arm", "written by", "drawn", "unique prompts", "unique completions", "uses of each", "fresh share", "steps", "tokens", "time"],
        textColumns: 3,
        run.Summary.Arms.Select(arm => (IReadOnlyList<Markup>)
        [
            Name(arm, colors),
            Text(arm.Source),
            Text(arm.Mode == "online" ? "anew at each visit" : "once, before training"),
            Text(Numbers.Count(arm.Ledger.UniquePrompts)),
            Text(Numbers.Count(arm.Ledger.UniqueCompletions)),
            Text(Numbers.Factor(arm.Ledger.Reuse)),
            Text(Numbers.Share(arm.Ledger.FreshFraction)),
            Text(Numbers.Count(arm.Steps)),
            Text(Numbers.Count(arm.Tokens)),
            Text(Numbers.Duration(arm.Seconds)),
        ]));

    public static Markup Distances(RunRecord run, IReadOnlyDictionary<string, string> colors) => Table.Render(
        ["arm", "forward KL", "reverse KL", "JSD", "forward KL", "reverse KL", "JSD"],
        textColumns: 1,
        run.Arms.Where(arm => arm.LastEvaluation is not null).Select(arm => (IReadOnlyList<Markup>)
        [
            Name(arm.Summary, colors),
            .. from reference in References
               from distance in DistanceNames
               select Measured(arm.LastEvaluation!, $"{reference}/{distance}_per_token"),
        ]),
        [("", 1), ("golden, after the last step", 3), ("proxy, after the last step", 3)]);

    public static Markup Models(RunSummary summary) => Table.Render(
        ["model", "weights from", "parameters", "width", "layers", "vocabulary", "golden"],
        textColumns: 2,
        new (string Name, ModelSummary? Model)[] { ("oracle", summary.Oracle), ("teacher", summary.Teacher), ("student, at the start", summary.Student) }
            .Where(row => row.Model is not null).Select(row => (row.Name, Model: row.Model!)).Select(model => (IReadOnlyList<Markup>)
            [
                Text(model.Name),
                Text(model.Model.Source),
                Text(Numbers.Count(model.Model.Parameters)),
                Text(Numbers.Count(model.Model.HiddenSize)),
                Text(Numbers.Count(model.Model.Layers)),
                Text(Numbers.Count(model.Model.VocabSize)),
                Text(Numbers.Nats(model.Model.GoldenForwardKl)),
            ]));

    static Markup Name(ArmSummary arm, IReadOnlyDictionary<string, string> colors) => Markup.Of(
        $"<span class=\"arm\">{Verdicts.Mark(arm.Verdict, colors[arm.Arm])}{Prose.Of(arm.Arm)}</span>");

    static Markup Measured(MetricLine line, string metric) => line.Number(metric + "_stderr") is double error
        ? Markup.Of($"{Numbers.Nats(line.Number(metric))} <small>\u00B1{Numbers.Nats(error)}</small>")
        : Text(Numbers.Nats(line.Number(metric)));

    static Markup Text(string text) => Markup.Of($"{text}");
}
