using Goodhart.Lab.Runs;

namespace Goodhart.Lab;

/// <summary>A made-up run in the shape of the real ones: offline data is gamed, fresh data is not.</summary>
static class SampleRun
{
    const double TeacherGolden = 0.657;

    public static RunSummary Summary(params ArmSummary[] arms) => new()
    {
        Goodhart = "0.1.0",
        Started = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero),
        Seconds = 243.6,
        Seed = 1,
        Machine = new MachineSummary
        {
            Cpu = "AMD EPYC 9R14",
            Cores = 2,
            Threads = 2,
            Os = "Debian GNU/Linux 12",
            Runtime = ".NET 10.0.0",
            Simd = "AVX-512",
            PeakMemoryMb = 412.5,
        },
        Oracle = Model(260_032, 64, 5, null, "embedded, oracle-stories"),
        Teacher = Model(136_512, 48, 4, TeacherGolden, "fine-tuned on 4,096 oracle completions, 1,000 steps"),
        Student = Model(54_336, 32, 3, 1.117, "fine-tuned on 4,096 oracle completions, 500 steps"),
        Arms = arms.Length > 0 ? arms : [Offline(), Online("teacher"), Online("student")],
    };

    public static ArmSummary Offline() => Arm("offline", "teacher", "offline", "hacking",
        "Golden ends 12.4% above its lowest point, step 149, while proxy is still falling.",
        golden: OfflineGolden, proxy: OfflineProxy, onset: 178,
        new LedgerSummary { UniquePrompts = 512, UniqueCompletions = 512, Reuse = 187.5, FreshFraction = 0.0053 });

    public static ArmSummary Online(string source) => Arm($"online-{source}", source, "online", "healthy",
        "Golden and proxy both end within 5% of their minimum.",
        golden: step => OnlineGolden(step, source), proxy: step => OnlineProxy(step, source), onset: null,
        new LedgerSummary { UniquePrompts = 512, UniqueCompletions = 96_000, Reuse = 1, FreshFraction = 1 });

    /// <summary>Writes the whole folder, with the metrics of every arm.</summary>
    public static void Write(string folder, RunSummary? summary = null)
    {
        summary ??= Summary();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, RunSummary.FileName), summary.ToJson());
        File.WriteAllText(Path.Combine(folder, "config.yaml"), "seed: 1\nloss: forward_kl\narms: [offline, online_teacher]\n");
        foreach (ArmSummary arm in summary.Arms)
        {
            using MetricLog log = MetricLog.Open(Path.Combine(folder, arm.Arm, "metrics.jsonl"));
            foreach (long step in Enumerable.Range(0, (int)arm.Steps + 1).Where(step => step % 10 == 0 || IsEvaluation(step)))
                log.Write(Line(arm, step));
        }
    }

    static MetricLine Line(ArmSummary arm, long step)
    {
        (double golden, double proxy) = arm.Mode == "offline"
            ? (OfflineGolden(step), OfflineProxy(step))
            : (OnlineGolden(step, arm.Source), OnlineProxy(step, arm.Source));
        double trained = arm.Mode == "offline" ? 0.73 * Math.Pow(1 + step / 18.0, -0.31) : proxy * 0.99;
        double noise = 0.06 * Math.Sin(step * 12.9898 + arm.Arm.Length) * Math.Cos(step * 78.233);
        MetricLine line = new()
        {
            ["step"] = step,
            ["loss"] = step == 0 ? double.NaN : trained * (1 + noise),
            ["num_tokens"] = step * 32 * 48,
            ["learning_rate"] = 1e-3,
            ["grad_norm"] = 0.4,
        };
        if (!IsEvaluation(step))
            return line;

        foreach ((string name, double value) in new[] { ("golden", golden), ("proxy", proxy), ("proxy_train", trained) })
        {
            foreach ((string kind, double factor) in new[] { ("forward_kl", 1), ("reverse_kl", 1.21), ("jsd", 0.17) })
            {
                line[$"{name}/{kind}_per_token"] = value * factor;
                line[$"{name}/{kind}_per_token_stderr"] = value * factor * 0.018;
                line[$"{name}/{kind}_per_sequence"] = value * factor * 48;
                line[$"{name}/{kind}_per_sequence_stderr"] = value * factor * 48 * 0.018;
            }
        }

        line["teacher/golden_forward_kl_per_token"] = TeacherGolden;
        line["data/unique_prompts"] = 512;
        line["hacking/verdict"] = step < 100 ? "not_enough_evidence" : arm.Verdict;
        return line;
    }

    static ArmSummary Arm(string name, string source, string mode, string verdict, string sentence,
        Func<double, double> golden, Func<double, double> proxy, long? onset, LedgerSummary ledger) => new()
        {
            Arm = name,
            Source = source,
            Mode = mode,
            Verdict = verdict,
            VerdictSentence = sentence,
            GoldenForwardKl = CurveSummary.Of(Evaluations.Select(step => (step, golden(step)))),
            ProxyForwardKl = CurveSummary.Of(Evaluations.Select(step => (step, proxy(step)))),
            OnsetStep = onset,
            Law = mode == "offline" ? LawThrough(proxy, 20, 80) : LawThrough(proxy, 250, 1000),
            Seed = 1,
            Steps = 3000,
            Tokens = 3000 * 32 * 48,
            Seconds = mode == "offline" ? 58.4 : 83.1,
            BestCheckpoint = $"{name}/checkpoint-{(mode == "offline" ? 316 : 3000)}",
            LastCheckpoint = $"{name}/checkpoint-3000",
            Ledger = ledger,
            Finished = true,
        };

    static LawSummary LawThrough(Func<double, double> curve, long first, long last)
    {
        double exponent = Math.Log(curve(first) / curve(last)) / Math.Log((double)last / first);
        return new LawSummary
        {
            Amplitude = curve(last) * Math.Pow(last, exponent),
            Exponent = exponent,
            Offset = 0,
            FirstStep = first,
            LastStep = last,
        };
    }

    static ModelSummary Model(long parameters, int width, int layers, double? golden, string source) => new()
    {
        Parameters = parameters,
        HiddenSize = width,
        Layers = layers,
        VocabSize = 512,
        GoldenForwardKl = golden,
        Source = source,
    };

    static readonly long[] Evaluations =
        [0, .. Enumerable.Range(0, 25).Select(i => (long)Math.Round(Math.Pow(3000, i / 24.0))).Distinct()];

    static bool IsEvaluation(long step) => Evaluations.Contains(step);

    static double OfflineProxy(double step) => 0.415 + 0.323 * Math.Pow(1 + step / 25, -0.62);

    static double OfflineGolden(double step) =>
        0.93 + 0.187 * Math.Pow(1 + step / 25, -0.7) + 0.078 * Math.Pow(Math.Log10(1 + step / 60), 1.7);

    static double OnlineProxy(double step, string source) => 0.738 * Math.Pow(1 + step / (source == "teacher" ? 22 : 30), -0.262);

    static double OnlineGolden(double step, string source) => 0.62 + 0.497 * Math.Pow(1 + step / (source == "teacher" ? 60.0 : 75), -0.29);
}
