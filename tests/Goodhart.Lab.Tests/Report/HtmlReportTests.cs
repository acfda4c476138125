using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Xunit;
using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

public sealed class HtmlReportTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_of_a_small_run_equals_the_stored_one()
    {
        string page = Render(SampleRun.Summary(
            SampleRun.Offline() with { Steps = 30, OnsetStep = 20 },
            SampleRun.Online("teacher") with { Steps = 30 }));

        StoredText.AssertEqual("Report/small-run.html", Regex.Replace(page, "(?s)(?<=<style>).*(?=</style>)", ""));
    }

    [Fact]
    public void The_first_lines_tell_the_finding_in_words()
    {
        XElement page = Parse(Render(SampleRun.Summary()));
        Assert.Equal("Trained on fixed data, the student hacked its teacher. On fresh data it did not",
            page.Descendants("h1").Single().Value);
        Assert.Equal(["offline: hacking", "online teacher: healthy", "online student: healthy"],
            page.Descendants("h3").Select(card => card.Value.Trim()));
    }

    [Fact]
    public void The_page_needs_neither_a_script_nor_the_network()
    {
        string page = Render(SampleRun.Summary()).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
        foreach (string needle in new[] { "<script", "src=", "href=", "url(", "@import", "http:", "https:" })
            Assert.DoesNotContain(needle, page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_page_of_a_long_run_with_many_arms_stays_under_a_megabyte()
    {
        ArmSummary[] arms = [.. Enumerable.Range(0, 9).Select(i => SampleRun.Offline() with { Arm = $"offline-{i}", Steps = 20_000 })];
        Assert.InRange(Render(SampleRun.Summary(arms)).Length, 1, 1_000_000);
    }

    [Fact]
    public void Texts_of_the_run_are_escaped()
    {
        const string Hostile = "</pre><script>alert('1')</script> & \"\0";
        RunSummary run = SampleRun.Summary(SampleRun.Offline() with { VerdictSentence = Hostile, Verdict = Hostile, Source = Hostile });
        SampleRun.Write(_folder.Path, run with { Goodhart = Hostile, Machine = run.Machine with { Cpu = Hostile } });
        _folder.Write("config.yaml", Hostile);

        string page = HtmlReport.Render(_folder.Path);

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal(Hostile.Replace('\0', '\uFFFD'), Parse(page).Descendants("pre").Single().Value);
    }

    [Fact]
    public void One_arm_alone_makes_a_page()
    {
        XElement page = Parse(Render(SampleRun.Summary(SampleRun.Offline())));
        Assert.Equal("The student hacked its teacher", page.Descendants("h1").Single().Value);
        Assert.Equal(5, Pictures(page).Count());
    }

    [Fact]
    public void An_arm_without_metrics_is_named_and_keeps_its_row()
    {
        SampleRun.Write(_folder.Path);
        Directory.Delete(_folder.PathOf("online-student"), recursive: true);

        XElement page = Parse(HtmlReport.Render(_folder.Path));

        Assert.Contains("\u2018online-student\u2019 has no metrics.jsonl", Warning(page), StringComparison.Ordinal);
        Assert.Equal(3, page.Descendants("table").First().Descendants("tbody").Elements("tr").Count());
        Assert.Equal(5, Pictures(page).Count());
    }

    [Fact]
    public void A_run_of_which_only_the_summary_is_left_keeps_its_tables()
    {
        _folder.Write("summary.json", SampleRun.Summary().ToJson());
        XElement page = Parse(HtmlReport.Render(_folder.Path));
        Assert.Empty(Pictures(page));
        Assert.Empty(page.Descendants("details"));
        Assert.Equal(3, page.Descendants("table").Count());
    }

    [Fact]
    public void An_arm_that_was_stopped_says_where()
    {
        XElement page = Parse(Render(SampleRun.Summary(SampleRun.Offline() with { Finished = false, Steps = 900 })));
        Assert.Contains("stopped at step 900", Warning(page), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_number_is_a_dash()
    {
        RunSummary run = SampleRun.Summary(SampleRun.Offline() with { GoldenForwardKl = null, OnsetStep = null, Law = null });
        XElement page = Parse(Render(run with { Teacher = run.Teacher with { GoldenForwardKl = null } }));
        string[] row = [.. page.Descendants("table").First().Descendants("tbody").Elements("tr").Single().Elements("td").Select(cell => cell.Value.Trim())];
        Assert.Equal(["offline", "hacking", "\u2013", "\u2013", "\u2013", "\u2013", "\u2013", "0.738"], row[..8]);
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"step\":0}")]
    [InlineData("{\"loss\":1}")]
    [InlineData("{\"step\":null,\"loss\":null}")]
    [InlineData("{\"step\":5,\"loss\":-1,\"golden/forward_kl_per_token\":0}")]
    [InlineData("{\"step\":5,\"proxy/forward_kl_per_token\":0.4,\"golden/forward_kl_per_token\":0.4}")]
    [InlineData("{\"step\":0,\"proxy/forward_kl_per_token\":0,\"golden/forward_kl_per_token\":0,\"golden/forward_kl_per_token_stderr\":9}")]
    public void A_log_that_holds_next_to_nothing_makes_a_page(string line) => AssertPage(line + "\n");

    [Property(MaxTest = 100)]
    public void Any_numbers_make_a_well_formed_page(NonEmptyArray<(double Step, double Proxy, double Golden, double Error)> rows) =>
        AssertPage(string.Concat(rows.Get.Select(row => $$"""
            {"step":{{Json(row.Step)}},"loss":{{Json(row.Error)}},"proxy/forward_kl_per_token":{{Json(row.Proxy)}},"golden/forward_kl_per_token":{{Json(row.Golden)}},"golden/forward_kl_per_token_stderr":{{Json(row.Error)}}}

            """)));

    [Fact]
    public void Writing_puts_the_page_into_the_folder()
    {
        SampleRun.Write(_folder.Path);
        string path = HtmlReport.Write(_folder.Path);
        Assert.Equal(_folder.PathOf("report.html"), path);
        Assert.Equal(HtmlReport.Render(_folder.Path), File.ReadAllText(path));
    }

    [Fact]
    public void A_folder_that_is_no_run_is_named() => Assert.StartsWith(_folder.PathOf("summary.json"),
        Assert.Throws<RunFolderException>(() => HtmlReport.Render(_folder.Path)).Message, StringComparison.Ordinal);

    void AssertPage(string metrics)
    {
        _folder.Write("summary.json", SampleRun.Summary(SampleRun.Offline()).ToJson());
        _folder.Write("offline/metrics.jsonl", metrics);
        string page = HtmlReport.Render(_folder.Path);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", page, StringComparison.Ordinal);
        Parse(page);
    }

    string Render(RunSummary summary)
    {
        SampleRun.Write(_folder.PathOf("lab-1"), summary);
        return HtmlReport.Render(_folder.PathOf("lab-1"));
    }

    static string Json(double number) => double.IsFinite(number) ? number.ToString("R") : "null";

    static string Warning(XElement page) => page.Descendants("p").Single(p => (string?)p.Attribute("class") == "warning").Value;

    static IEnumerable<XElement> Pictures(XElement page) => page.Descendants("figure").Elements()
        .Where(element => element.Name.LocalName == "svg");

    /// <summary>The page is HTML that is well-formed XML too, pictures included.</summary>
    static XElement Parse(string page)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }
}
