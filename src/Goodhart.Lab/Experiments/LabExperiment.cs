using System.Text.Json;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Distillation.Recipes;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Oracle;
using Goodhart.Lab.Report;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;

namespace Goodhart.Lab.Experiments;

/// <summary>The controlled experiment of Tiapkin et al. 2025 (arXiv 2502.02671): oracle, teacher, student, and arms to compare.</summary>
public static class LabExperiment
{
    /// <summary>Runs every stage and writes the run folder; a run that is cancelled keeps what is done.</summary>
    /// <param name="config">The experiment.</param>
    /// <param name="oracleDirectory">Where the oracle is.</param>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told how far each stage has come.</param>
    /// <param name="cancellation">Stops after the present step.</param>
    /// <returns>The summary, also in summary.json; null if it was cancelled before the first arm.</returns>
    /// <exception cref="TrainingException">A loss is not finite.</exception>
    public static RunSummary? Run(
        ExperimentConfig config, string oracleDirectory, RunFolder folder, Workers workers, TimeProvider time,
        IProgress<LabProgress> progress, CancellationToken cancellation)
    {
        DateTimeOffset started = time.GetUtcNow();
        OracleModel oracle = OracleModel.Load(oracleDirectory, config.Data);
        folder.WriteText("config.yaml", ConfigFile.ToYaml(config));

        // Stage 1: the oracle's texts make both starting points.
        OracleSplits splits = OracleSplits.Draw(oracle, config.Data, config.Seed, workers, (done, total) =>
        {
            progress.Report(new LabProgress("oracle", done, total));
            return !cancellation.IsCancellationRequested;
        });
        ICausalLm? teacher = FineTune("teacher", config.Teacher), start = FineTune("student", config.Student);
        if (teacher is null || start is null)
            return null;

        oracle.Save(teacher, folder.PathOf("teacher"));
        oracle.Save(start, folder.PathOf("student"));

        // Stage 2: the oracle takes no part but to measure.
        GenerationOptions sampling = new() { MaxNewTokens = config.Data.MaxCompletionLength, StopIds = oracle.Model.Config.EosTokenId };
        HeldOutEvaluation heldOut = new(
            teacher, [.. splits.HeldOut.Select(e => e.Ids[..e.PromptLength])], (oracle.Model, splits.HeldOut), sampling, config.Evaluation.StudentSamples,
            config.Seed, workers);
        Estimate? startGolden = heldOut.Golden(start);
        List<ArmSummary> arms = [];
        RunSummary summary = Summarize();
        foreach (string name in config.Arms)
        {
            if (cancellation.IsCancellationRequested)
                break;
            DistillationRun arm = new(PlanOf(Arm.Find(name)!), heldOut, folder, oracle.Save, workers, progress);
            try
            {
                arms.Add(arm.Run(cancellation));
            }
            catch (TrainingException) when (arms.Count > 0)
            {
                HtmlReport.Write(folder.Path);    // What the arms before it showed is worth reading all the same.
                throw;
            }

            summary = Summarize();
            folder.WriteText(RunSummary.FileName, summary.ToJson());
        }

        if (arms.Count == 0)
            return null;
        HtmlReport.Write(folder.Path);
        return summary;

        ICausalLm? FineTune(string stage, ModelConfig sizes)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            int context = config.Data.PromptLength + config.Data.MaxCompletionLength;
            ICausalLm model = LlamaModel.Initialize(oracle.Smaller(sizes, context), new Rng(config.Seed, $"{stage}/init"));
            OfflineSource data = new(splits.Sft, new Rng(config.Seed, $"{stage}/order"));
            FineTuning.Run(model, data, sizes.Sft, workers, step =>
            {
                progress.Report(new LabProgress(stage, step.Step, sizes.Sft.MaxSteps, step.Tokens, step.Loss));
                return cancellation.IsCancellationRequested ? RunDecision.Stop : RunDecision.Continue;
            });
            return cancellation.IsCancellationRequested ? null : model.Copy(trainable: false);
        }

        DistillationPlan PlanOf(Arm arm)
        {
            ICausalLm student = start.Copy(trainable: true);
            return new DistillationPlan
            {
                Name = arm.Name,
                Folder = arm.Name,
                Source = JsonNamingPolicy.SnakeCaseLower.ConvertName(arm.Source.ToString()),
                Mode = arm.Mode,
                Student = student,
                Teacher = teacher,
                Data = ArmData.Create(arm, oracle, teacher, student, splits.DistillationPrompts, config, workers),
                Loss = config.Loss,
                Training = config.Distillation,
                Points = config.Evaluation.Points,
                Seed = config.Seed,
            };
        }

        RunSummary Summarize() => new()
        {
            Goodhart = typeof(LabExperiment).Assembly.GetName().Version!.ToString(3),
            Started = started,
            Seconds = Math.Round((time.GetUtcNow() - started).TotalSeconds, 1),
            Seed = config.Seed,
            Machine = ThisMachine.Describe(workers.Count),
            Oracle = Describe(oracle.Model, null, config.OracleModelNameOrPath ?? "embedded: oracle-stories"),
            Teacher = Describe(teacher, heldOut.TeacherGolden, $"fine-tuned on the oracle's texts for {config.Teacher.Sft.MaxSteps} steps"),
            Student = Describe(start, startGolden, $"fine-tuned on the oracle's texts for {config.Student.Sft.MaxSteps} steps"),
            Arms = [.. arms],
        };
    }

    internal static ModelSummary Describe(ICausalLm model, Estimate? golden, string source) => new()
    {
        Parameters = model.Parameters.Count,
        HiddenSize = model.Config.HiddenSize,
        Layers = model.Config.NumHiddenLayers,
        VocabSize = model.Config.VocabSize,
        GoldenForwardKl = golden?.PerToken,
        Source = source,
    };
}
