namespace Goodhart.Cli;

static class Program
{
    static int Main(string[] args)
    {
        using Interruption interruption = new();
        return CommandLine.Run(args, Terminal.OfProcess(), interruption.Token);
    }
}
