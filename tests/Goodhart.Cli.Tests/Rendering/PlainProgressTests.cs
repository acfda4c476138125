using Goodhart.Lab.Experiments;

namespace Goodhart.Cli.Rendering;

public sealed class PlainProgressTests : IDisposable
{
    readonly ManualTime _time = new();
    readonly StringWriter _writer = new() { NewLine = "\n" };
    readonly PlainProgress _progress;

    public PlainProgressTests() => _progress = new PlainProgress(_writer, _time);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void There_is_a_line_for_each_evaluation_and_else_one_in_five_seconds()
    {
        _progress.Report(new LabProgress("offline", 0, 1000, 0, null, 0.5, 0.75) { IsEvaluation = true });
        for (int step = 1; step <= 100; step++)
        {
            _time.Pass(0.1);
            _progress.Report(new LabProgress("offline", step, 1000, 100 * step, 0.25, 0.5, 0.75) { IsEvaluation = step == 20 });
        }

        Assert.Equal(
        [
            "[0:00] offline 0/1000 proxy 0.500 golden 0.750",
            "[0:02] offline 20/1000 loss 0.250 proxy 0.500 golden 0.750 1.0k tok/s 1:38 left",
            "[0:07] offline 70/1000 loss 0.250 proxy 0.500 golden 0.750 1.0k tok/s 1:33 left",
        ], Lines());
    }

    [Fact]
    public void The_end_of_a_stage_and_the_beginning_of_the_next_are_told()
    {
        _progress.Report(new LabProgress("oracle", 0, 10));
        _progress.Report(new LabProgress("oracle", 5, 10));
        _progress.Report(new LabProgress("oracle", 10, 10));
        _progress.Report(new LabProgress("teacher", 1, 10));

        Assert.Equal(["[0:00] oracle 0/10", "[0:00] oracle 10/10", "[0:00] teacher 1/10"], Lines());
    }

    string[] Lines() => _writer.ToString().TrimEnd('\n').Split('\n');
}
