using System.Runtime.InteropServices;

namespace Goodhart.Cli;

/// <summary>The first Ctrl-C asks for a clean stop; the second ends the process.</summary>
sealed class Interruption : IDisposable
{
    const string ShowCursor = "\e[?25h";

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        _source.Dispose();
    }

    void Stop(PosixSignalContext signal)
    {
        if (_source.IsCancellationRequested)
        {
            // A live table hides the cursor, and nobody else will bring it back.
            if (!Console.IsErrorRedirected)
                Console.Error.Write(ShowCursor);
            Environment.Exit(ExitCode.Interrupted);
        }

        signal.Cancel = true;
        _source.Cancel();
    }
}
