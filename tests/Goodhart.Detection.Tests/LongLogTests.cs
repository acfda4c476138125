using Goodhart.Detection.Curves;
using Goodhart.Detection.Verdicts;
using Xunit.Abstractions;

namespace Goodhart.Detection.Tests;

/// <summary>Time on a log of 100,000 points. Runs alone, and counts processor time, so that a busy machine does not fail it.</summary>
[Collection(nameof(RunsAlone))]
public class LongLogTests(ITestOutputHelper output)
{
    const int Points = 100_000;

    [Fact]
    public void Csv_is_read_in_well_under_a_second() =>
        AssertRead("step,loss,grad_norm,proxy\n" + Lines(i => $"{i},0.5,1.25,{1000 - i / 1000.0}"));

    [Fact]
    public void Json_lines_are_read_in_well_under_a_second() =>
        AssertRead(Lines(i => $$"""{"step":{{i}},"loss":0.5,"grad_norm":1.25,"proxy":{{1000 - i / 1000.0}}}"""));

    [Fact]
    public void A_verdict_takes_well_under_a_second()
    {
        double[] steps = [.. Enumerable.Range(0, Points).Select(i => (double)i)];
        Curve curve = Synthetic.Curve(steps, step => 1 / (1 + step), step => 2 / (1 + step), step => 1 / (1 + step));
        AssertQuick("judged", () => VerdictRule.Default.Judge(curve));
    }

    void AssertRead(string text) =>
        AssertQuick("read", () => Assert.Equal(Points, CurveReader.Read(new StringReader(text)).Points.Count));

    void AssertQuick(string what, Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        work();
        double elapsedMs = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        output.WriteLine($"{Points} points {what} in {elapsedMs:0} ms of processor time, compilation included");
        Assert.InRange(elapsedMs, 0, 1000);
    }

    static string Lines(Func<int, string> line) => string.Join('\n', Enumerable.Range(1, Points).Select(line));
}

/// <summary>Tests that run beside no others.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public class RunsAlone;
