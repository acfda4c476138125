using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Lab.Runs;

/// <summary>Describes the machine that a run ran on.</summary>
public static class ThisMachine
{
    const string CpuInfo = "/proc/cpuinfo";

    /// <summary>As of now; the peak of memory is that of the process.</summary>
    public static MachineSummary Describe(int threads)
    {
        using Process process = Process.GetCurrentProcess();
        return new MachineSummary
        {
            Cpu = CpuName(),
            Cores = Environment.ProcessorCount,
            Threads = threads,
            Os = RuntimeInformation.OSDescription,
            Runtime = RuntimeInformation.FrameworkDescription,
            Simd = Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "256-bit vectors" : "none",
            PeakMemoryMb = Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
        };
    }

    static string CpuName()
    {
        string? model = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return model?[(model.IndexOf(':') + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
