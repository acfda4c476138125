using System.Globalization;
using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>A run as one page that needs nothing else: no script, no network, no engine.</summary>
/// <remarks>It reads summary.json, config.yaml and each arm's metrics.jsonl; what is missing is left out and said.</remarks>
public static class HtmlReport
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "report.html";

    /// <summary>The page as a text.</summary>
    /// <exception cref="RunFolderException">The folder has no summary, or a file cannot be read.</exception>
    public static string Render(string runFolder)
    {
        RunRecord run = RunRecord.Read(runFolder);
        return Page(run, Palette.Of(run.Summary.Arms)).Text;
    }

    /// <summary>Renders the page into the run folder.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="RunFolderException">The folder has no summary, or a file cannot be read or written.</exception>
    public static string Write(string runFolder)
    {
        RunFolder folder = RunFolder.Open(runFolder);
        folder.WriteText(FileName, Render(runFolder));
        return folder.PathOf(FileName);
    }

    static Markup Page(RunRecord run, IReadOnlyDictionary<string, string> colors)
    {
        string headline = Headline.Of(run.Summary.Arms);
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{headline} ({run.Name})</title>
            <style>
            {Stylesheet.Text}
            </style>
            </head>
            <body>
            <main>
            <header>
            <p class="kicker"><b>Goodhart</b> &#160;teacher-hacking lab &#160;{run.Name}</p>
            <h1>{headline}</h1>
            <p class="byline">{Byline(run.Summary)}</p>
            </header>
            {Cards(run, colors)}
            {Warnings(run)}
            {Plane(run, colors)}
            {Panels(run, colors)}
            <h2>The verdicts in numbers</h2>
            <p>Forward KL on held-out prompts, nats per token. Rise is how far golden ends above its lowest point.</p>
            {ReportTables.Verdict(run, colors)}
            <h2>What each student was fed</h2>
            <p>How varied the training data were, and how often each completion came back.</p>
            {ReportTables.Ledger(run, colors)}
            {Distances(run, colors)}
            <h2>The models</h2>
            <p>Golden is each model&#8217;s own distance from the oracle before distillation.</p>
            {ReportTables.Models(run.Summary)}
            {HowToRead}
            {Config(run)}
            {Footer(run.Summary)}
            </main>
            </body>
            </html>

            """);
    }

    static string Byline(RunSummary summary)
    {
        long steps = summary.Arms.Count == 0 ? 0 : summary.Arms.Max(arm => arm.Steps);
        return $"One run with seed {summary.Seed}, {Numbers.Count(steps)} steps an arm, "
            + $"{summary.Started.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}. "
            + "Repeat it with other seeds before you rely on it.";
    }

    static Markup Cards(RunRecord run, IReadOnlyDictionary<string, string> colors) => Markup.Of($"""
        <section class="cards">
        {Markup.Join(run.Summary.Arms.Select(arm => Markup.Of($"""
            <div class="card" style="--c:var({colors[arm.Arm]})">
            <h3>{Verdicts.Mark(arm.Verdict, colors[arm.Arm])}{Prose.Of(arm.Arm)}: <strong>{Prose.Of(arm.Verdict)}</strong></h3>
            <p>{arm.VerdictSentence}</p>
            </div>

            """)))}</section>
        """);

    static Markup Warnings(RunRecord run) => Markup.Join(run.Arms.SelectMany(arm => new[]
    {
        arm.Summary.Finished ? "" : $"The arm \u2018{arm.Summary.Arm}\u2019 was stopped at step {Numbers.Count(arm.Summary.Steps)}; its verdict rests on what it had done by then.",
        arm.Lines.Count > 0 ? "" : $"The arm \u2018{arm.Summary.Arm}\u2019 has no metrics.jsonl in this folder, so the charts leave it out.",
    }).Where(text => text.Length > 0).Select(text => Markup.Of($"<p class=\"warning\">{text}</p>\n")));

    static Markup Plane(RunRecord run, IReadOnlyDictionary<string, string> colors)
    {
        Track[] tracks = [.. Backwards(run).Select(arm => Track.Of(arm, colors[arm.Summary.Arm])).OfType<Track>()];
        Markup wide = ProxyGoldenPlane.Render(tracks, TeacherGolden(run), new Pixel(780, 500), "wide");
        return wide == Markup.Empty ? wide : Markup.Of($"""
            <h2>Closer to the teacher, but closer to the truth?</h2>
            <p>Each path is one student over its training. A path that turns upwards moves away from the truth.</p>
            <figure class="plane">
            {wide}{ProxyGoldenPlane.Render(tracks, TeacherGolden(run), new Pixel(360, 400), "narrow")}
            <ol>
            <li><b>Left and down</b>: learning. The student nears the teacher and the truth alike.</li>
            <li><b>Left and up</b>: teacher hacking. It copies the teacher&#8217;s mistakes at the cost of the truth.</li>
            <li><b>Right and up</b>: overfitting. It loses both.</li>
            <li>A ring marks the start, a diamond the lowest golden, a disc the end.</li>
            </ol>
            </figure>
            """);
    }

    static Markup Panels(RunRecord run, IReadOnlyDictionary<string, string> colors)
    {
        IEnumerable<Series> Lines(string metric, Func<ArmSummary, LawSummary?> law, Func<ArmSummary, long?> onset) =>
            Backwards(run).Select(arm => new Series(
                Prose.Of(arm.Summary.Arm), colors[arm.Summary.Arm], arm.Curve(metric), law(arm.Summary), onset(arm.Summary)));

        const string Unit = "steps";
        double[] stepsSeen = [.. run.Arms.SelectMany(arm => arm.Lines).Select(line => ArmRecord.Drawable(line, "step")).OfType<double>()];
        LogAxis steps = new(stepsSeen, room: 0, withZero: stepsSeen.Contains(0));
        Markup panels = Markup.Join(
        [
            LineChart.Render("Training loss", "nats per token, mean over windows",
                Lines("loss", _ => null, _ => null), steps, Unit),
            LineChart.Render("Proxy, held out", "distance to the teacher, nats per token",
                Lines("proxy/forward_kl_per_token", arm => arm.Law, arm => arm.OnsetStep), steps, Unit),
            LineChart.Render("Golden, held out", "distance to the truth, nats per token",
                Lines("golden/forward_kl_per_token", _ => null, arm => arm.OnsetStep), steps, Unit,
                TeacherGolden(run) is double level and > 0 ? (level, "the teacher\u2019s own") : null),
        ]);
        return panels == Markup.Empty ? panels : Markup.Of($"""
            <h2>The three curves behind it</h2>
            <p>Both axes are logarithmic, so a power law is a straight line. Bands are one standard error either way; a dashed line continues the law fitted to the early part of proxy.</p>
            <figure class="panels">
            {panels}</figure>
            """);
    }

    /// <remarks>What went wrong is drawn last, on top of the rest.</remarks>
    static IEnumerable<ArmRecord> Backwards(RunRecord run) =>
        run.Arms.OrderByDescending(arm => Verdicts.KindOf(arm.Summary.Verdict));

    static double? TeacherGolden(RunRecord run) =>
        run.Summary.Teacher.GoldenForwardKl is double golden && double.IsFinite(golden) ? golden : null;

    static Markup Distances(RunRecord run, IReadOnlyDictionary<string, string> colors) =>
        run.Arms.All(arm => arm.LastEvaluation is null) ? Markup.Empty : Markup.Of($"""
            <h2>The same students by other distances</h2>
            <p>Nats per token with standard errors over prompts. A finding that holds for one direction of KL alone deserves less trust.</p>
            {ReportTables.Distances(run, colors)}
            """);

    static Markup HowToRead { get; } = Markup.Of($"""
        <h2>How to read this</h2>
        <div class="notes">
        <p><b>Golden</b> is the distance from the oracle, the known truth of this experiment, to the student. <b>Proxy</b> is the distance from the teacher to the student, which is what training can see. Lower is better for both.</p>
        <p><b>Held out</b> means prompts that no training stage has seen, with completions sampled once from the oracle and once from the teacher and reused at every evaluation.</p>
        <p><b>Forward KL</b> is KL(reference&#8214;student), exact over the whole vocabulary at each token. Reverse KL is KL(student&#8214;reference) on the student&#8217;s own samples; JSD weighs both sides. <b>Nats per token</b>: 0.69 nats is one bit; 0 means no difference.</p>
        <p><b>Teacher hacking</b> is proxy still falling, or flat, while golden rises from its lowest point. Where proxy rises too it is <b>overfitting</b>. The definition is that of Tiapkin et al., On Teacher Hacking in Language Model Distillation (2025).</p>
        <p><b>Ours, not the paper&#8217;s</b>: the rule that turns curves into a verdict, the law fitted to proxy and its onset, the choice of nats per token, and models small enough for two cores.</p>
        <p><b>The teacher&#8217;s own golden</b> is where a student would end that became its teacher. A student that passes below that line and climbs back to it may only be converging to an imperfect teacher, so compare with the arms on fresh data.</p>
        </div>
        """);

    static Markup Config(RunRecord run) => run.Config is null ? Markup.Empty : Markup.Of($"""
        <details>
        <summary>The configuration of this run</summary>
        <pre>{run.Config}</pre>
        </details>
        """);

    static Markup Footer(RunSummary summary)
    {
        MachineSummary machine = summary.Machine;
        return Markup.Of($"""
            <footer>
            <p>Made by Goodhart {summary.Goodhart} in {Numbers.Duration(summary.Seconds)} on {machine.Cpu}, {Numbers.Count(machine.Threads)} of {Numbers.Count(machine.Cores)} cores, {machine.Simd}, {machine.Os}, {machine.Runtime}. Peak memory {Numbers.Count(machine.PeakMemoryMb)} MB. Started {summary.Started.ToString("yyyy-MM-dd HH:mm 'UTC'zzz", CultureInfo.InvariantCulture)}.</p>
            </footer>
            """);
    }
}
