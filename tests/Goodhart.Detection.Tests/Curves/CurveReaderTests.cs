using FsCheck.Xunit;
using Goodhart.Detection.Curves;

namespace Goodhart.Detection.Tests.Curves;

public class CurveReaderTests
{
    [Fact]
    public void Our_own_metrics_are_read_by_their_names_and_training_lines_are_skipped()
    {
        Curve curve = Read("""
            {"step":0,"proxy/forward_kl_per_token":0.7,"proxy/forward_kl_per_token_stderr":0.01,"golden/forward_kl_per_token":1.5,"golden/forward_kl_per_token_stderr":0.02,"proxy_train/forward_kl_per_token":0.69}
            {"step":5,"loss":0.8,"proxy":9}

            {"step":10,"proxy/forward_kl_per_token":0.6,"golden/forward_kl_per_token":null,"note":{"deep":[1,2]}}
            """);
        Assert.Equal([new CurvePoint(0, 0.7, 0.01, 1.5, 0.02, 0.69), new CurvePoint(10, 0.6)], curve.Points);
    }

    [Fact]
    public void Csv_is_read_with_quotes_empty_fields_and_windows_line_ends()
    {
        Curve curve = Read("\uFEFFstep,\"note, \"\"free\"\"\",proxy,golden\r\n1,\"a, \"\"b\"\"\",0.5,\r\n2,,,\r\n3,x,4e-1,0.9\r\n");
        Assert.Equal([new CurvePoint(1, 0.5), new CurvePoint(3, 0.4, Golden: 0.9)], curve.Points);
    }

    [Fact]
    public void Other_names_can_be_given()
    {
        var columns = new CurveColumns { Step = "Step", Proxy = "kd", Golden = "truth", Train = "kd_train" };
        Curve curve = Read("Step,kd,truth,kd_train,kd_stderr\n1,2,3,4,0.1\n2,1,2,3,0.1", columns);
        Assert.Equal(new CurvePoint(1, 2, 0.1, 3, null, 4), curve.Points[0]);
    }

    [Fact]
    public void The_first_known_name_that_occurs_wins_wherever_it_stands()
    {
        Assert.Equal(0.5, Read("eval_loss,proxy,step\n9,0.5,1\n9,0.4,2").Points[0].Proxy);
        Assert.Equal(9, Read("eval_loss,step\n9,1\n8,2").Points[0].Proxy);
    }

    [Theory]
    [InlineData("", "log: expected CSV with a header row or JSON lines, got an empty log")]
    [InlineData("step,loss\n1,2", "log: no proxy: expected 'proxy/forward_kl_per_token' or 'proxy' or 'eval_loss' with a number, found loss, step. Name the column with --proxy")]
    [InlineData("step,proxy\n1,2", "log: a curve needs more than one point with 'proxy', got 1")]
    [InlineData("step,proxy\n1,2\n1,1", "log:3: steps should strictly increase, but step 1 is repeated")]
    [InlineData("step,proxy\n5,2\n\n1,1", "log:4: steps should strictly increase, but step 1 follows step 5")]
    [InlineData("step,proxy\n1,NaN\n2,1", "log:2: proxy should be a finite number, got NaN")]
    [InlineData("step,proxy\n1,1\n2,-1", "log:3: proxy should not be negative, got -1")]
    [InlineData("step,proxy\n1,one", "log:2: 'proxy' should be a number, got 'one'")]
    [InlineData("step,proxy\n1,1,1", "log:2: expected 2 fields as in the header, got 3")]
    [InlineData("step,proxy\n1,\"1", "log:2: a quoted field is not closed on its line")]
    [InlineData("step,proxy\n1,\"1\"1", "log:2: a quoted field should end before a comma, got '1'")]
    [InlineData("time,proxy\n1,1\n2,1", "log:2: has 'proxy' but no 'step'. Name the step column with --step")]
    [InlineData("proxy,golden,step\n,1,1\n1,,2\n1,,3", "log: 'golden' never stands on a line with 'proxy'")]
    [InlineData("{\"step\":1,\"proxy\":NaN}", "log:1: expected one whole JSON object on the line, got a bare NaN")]
    [InlineData("{\"step\":1,\"proxy\":[1]}", "log:1: 'proxy' should be a number, got StartArray")]
    [InlineData("{\"step\":1,\"proxy\":1e999}\n{\"step\":2,\"proxy\":1}", "log:1: proxy should be a finite number")]
    [InlineData("{\n  \"log_history\": []\n}", "log:1: expected one whole JSON object on the line")]
    [InlineData("[{\"step\":1}]", "log:1: expected one JSON object a line")]
    [InlineData("{\"step\":1} {\"step\":2}", "log:1: expected one")]
    [InlineData("\0\u0001garbage\u0002", "log: no proxy")]
    public void A_bad_log_names_the_line_the_rule_and_the_remedy(string text, string expected)
    {
        var problem = Assert.Throws<CurveException>(() => Read(text));
        Assert.StartsWith(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_golden_or_training_column_that_was_asked_for_must_be_there()
    {
        Assert.Contains("--golden", Problem(new CurveColumns { Golden = "truth" }), StringComparison.Ordinal);
        Assert.Contains("--train", Problem(new CurveColumns { Train = "fit" }), StringComparison.Ordinal);

        static string Problem(CurveColumns columns) =>
            Assert.Throws<CurveException>(() => Read("step,proxy\n1,1\n2,1", columns)).Message;
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_fills_memory()
    {
        var problem = Assert.Throws<CurveException>(() => Read(new string('x', 3 << 20)));
        Assert.Contains("at most 1048576 characters", problem.Message, StringComparison.Ordinal);
    }

    [Property]
    public void Any_text_is_read_or_refused_in_words(string? text, bool json)
    {
        try
        {
            Read((json ? "{\"step\":1,\"proxy\":" : "step,proxy\n1,") + text);
        }
        catch (CurveException problem)
        {
            Assert.StartsWith("log:", problem.Message, StringComparison.Ordinal);
        }
    }

    static Curve Read(string text, CurveColumns? columns = null) => CurveReader.Read(new StringReader(text), columns);
}
