using System.Text.Json;
using Goodhart.Distillation;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Experiments;
using Goodhart.Lab.Report;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Generation;
using Goodhart.Tokenizers;

namespace Goodhart.Lab.Distilling;

/// <summary>Distils one model into another: models and data of the user's, the loop and the measurements of the lab.</summary>
public sealed class DistilExperiment
{
    /// <summary>Where the student ends up, in the run's folder.</summary>
    public const string FinalModel = "model";

    readonly DistilConfig _config;
    readonly LanguageModel _student, _teacher;
    readonly LanguageModel? _oracle;

    /// <summary>Loads models and data and checks that they go together.</summary>
    /// <exception cref="CheckpointException">A directory holds no model.</exception>
    /// <exception cref="TokenizerException">A tokenizer is broken.</exception>
    /// <exception cref="CorpusException">The data cannot be used.</exception>
    /// <exception cref="ConfigException">The lengths do not fit the models.</exception>
    public DistilExperiment(DistilConfig config)
    {
        _config = config;
        _student = LanguageModel.Load(config.ModelNameOrPath, trainable: true);
        _teacher = LanguageModel.Load(config.TeacherModelNameOrPath);
        _oracle = config.OracleModelNameOrPath is string oracle ? LanguageModel.Load(oracle) : null;
        Data = Read(config);
    }

    /// <summary>What is trained and measured on.</summary>
    public PreparedData Data { get; }

    /// <summary>Reads and checks the data alone, with the student's tokenizer; no weights are loaded.</summary>
    /// <exception cref="ConfigException">The lengths do not fit the models.</exception>
    public static PreparedData Read(DistilConfig config)
    {
        string[] directories = [config.ModelNameOrPath, config.TeacherModelNameOrPath, .. config.OracleModelNameOrPath is string oracle ? [oracle] : Array.Empty<string>()];
        string[] problems =
        [
            .. directories.Select(directory => (directory, ModelDirectory.ReadConfig(directory).MaxPositionEmbeddings))
                .Where(model => model.MaxPositionEmbeddings < config.MaxLength)
                .Select(model => $"max_length: should be at most the context of {model.directory}, {model.MaxPositionEmbeddings}, got {config.MaxLength}."),
        ];
        if (problems.Length > 0)
            throw new ConfigException(problems);

        IModelConfig model = ModelDirectory.ReadConfig(config.ModelNameOrPath);
        Tokenizer tokenizer = Tokenizer.Load(config.ModelNameOrPath);
        return PreparedData.Read(
            config.DatasetPath, PreparedData.EncoderFor(config.ModelNameOrPath, model, tokenizer, config.MaxLength, config.MaxCompletionLength),
            config.Data.HeldOutPrompts, config.Data.Source == DataSource.Dataset, config.Seed);
    }

    /// <summary>Tests models and loss on a few examples; nothing is changed.</summary>
    public IReadOnlyList<SelfCheck> SelfTest(Workers workers) =>
        Distilling.SelfTest.Run(_student, _teacher, _config.Distance, Probe(4, workers), workers);

    /// <summary>What the run will take.</summary>
    public Prediction Predict(Workers workers) => Prediction.Of(
        _student.Model, _teacher.Model, _oracle?.Model.Parameters.Count ?? 0, _config.Distance, _config.Training,
        Probe(_config.Training.PerDeviceTrainBatchSize, workers), workers);

    /// <summary>Trains, measures and judges; a run that is cancelled keeps what is done.</summary>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops after the present step.</param>
    /// <returns>Null if it was cancelled before training.</returns>
    public RunSummary? Run(RunFolder folder, Workers workers, TimeProvider time, IProgress<LabProgress> progress, CancellationToken cancellation)
    {
        DateTimeOffset started = time.GetUtcNow();
        folder.WriteText("config.yaml", ConfigFile.ToYaml(_config));
        ICausalLm start = _student.Model.Copy(trainable: false);
        IExampleSource source = Source(workers, (done, total) =>
        {
            progress.Report(new LabProgress("completions", done, total));
            return !cancellation.IsCancellationRequested;
        });
        if (cancellation.IsCancellationRequested)
            return null;

        HeldOutEvaluation heldOut = HeldOut(workers);
        Estimate? startGolden = heldOut.Golden(start);
        ArmSummary arm = new DistillationRun(new DistillationPlan
        {
            Name = "student",
            Folder = "",
            Source = NameOf(_config.Data.Source),
            Mode = _config.Data.Mode,
            Student = _student.Model,
            Teacher = _teacher.Model,
            Data = source,
            Loss = _config.Distance,
            Training = _config.Training,
            Points = _config.Evaluation.Points,
            Seed = _config.Seed,
        }, heldOut, folder, _student.Save, workers, progress).Run(cancellation);
        _student.Save(_student.Model, folder.PathOf(FinalModel));

        RunSummary summary = new()
        {
            Goodhart = typeof(DistilExperiment).Assembly.GetName().Version!.ToString(3),
            Started = started,
            Seconds = Math.Round((time.GetUtcNow() - started).TotalSeconds, 1),
            Seed = _config.Seed,
            Machine = ThisMachine.Describe(workers.Count),
            Oracle = _oracle is null ? null : LabExperiment.Describe(_oracle.Model, null, _oracle.Directory),
            Teacher = LabExperiment.Describe(_teacher.Model, heldOut.TeacherGolden, _teacher.Directory),
            Student = LabExperiment.Describe(start, startGolden, _student.Directory),
            Arms = [arm],
        };
        folder.WriteText(RunSummary.FileName, summary.ToJson());
        HtmlReport.Write(folder.Path);
        return summary;
    }

    HeldOutEvaluation HeldOut(Workers workers)
    {
        GenerationOptions sampling = Sampling(temperature: 1);
        if (_oracle is null)
            return new HeldOutEvaluation(_teacher.Model, Data.HeldOutPrompts, null, sampling, _config.Evaluation.StudentSamples, _config.Seed, workers);

        Completion[] truth = new Generator(_oracle.Model, workers).Generate(Data.HeldOutPrompts, sampling, i => new Rng(_config.Seed, "held-out/oracle", i));
        Example[] examples = [.. Data.HeldOutPrompts.Zip(truth, (prompt, completion) => Example.Of(prompt, completion.Ids))];
        return new HeldOutEvaluation(_teacher.Model, Data.HeldOutPrompts, (_oracle.Model, examples), sampling, _config.Evaluation.StudentSamples, _config.Seed, workers);
    }

    IExampleSource Source(Workers workers, Func<int, int, bool> progress)
    {
        Rng order = Order("order");
        if (_config.Data.Source == DataSource.Dataset)
            return new OfflineSource(Data.Training, order);

        WrittenData teacher = Written(_teacher.Model, "teacher"), student = Written(_student.Model, "student") with { IsTraining = true };
        return (_config.Data.Source, _config.Data.Mode) switch
        {
            (DataSource.Teacher, CompletionMode.Offline) => new OfflineSource(teacher.Offline(workers, progress), order),
            (DataSource.Student, CompletionMode.Offline) => new OfflineSource(student.Offline(workers, progress), order),
            (_, CompletionMode.Offline) => new OfflineSource([.. teacher.Offline(workers, progress), .. student.Offline(workers, progress)], order),
            (DataSource.Teacher, _) => teacher.Online(workers),
            (DataSource.Student, _) => student.Online(workers),
            _ => new MixedSource(student.Online(workers), teacher.Online(workers), _config.Data.StudentFraction, Order("mixed")),
        };
    }

    WrittenData Written(ICausalLm writer, string name) => new(
        writer, IsTraining: false, Data.Prompts, _config.Data.CompletionsPerPrompt, Sampling(_config.SamplingTemperature), Order($"order/{name}"),
        visit => new Rng(_config.Seed, $"{name}/completions", visit));

    GenerationOptions Sampling(double temperature) => new()
    {
        MaxNewTokens = _config.MaxCompletionLength,
        StopIds = _teacher.StopIds,
        SamplingTemperature = (float)temperature,
        BatchSize = WrittenData.Ahead,
    };

    Rng Order(string name) => new(_config.Seed, $"distillation/{name}");

    /// <summary>Examples like those of training, of the file or written by the teacher, repeated where there are fewer.</summary>
    Example[] Probe(int count, Workers workers)
    {
        IReadOnlyList<Example> few = Data.Training.Count > 0
            ? [.. Data.Training.OrderByDescending(example => example.Ids.Length).Take(count)]
            : new WrittenData(_teacher.Model, false, [.. Data.Prompts.OrderByDescending(prompt => prompt.Length).Take(count)], 1, Sampling(1), Order("probe"),
                i => new Rng(_config.Seed, "probe", i)).Offline(workers);
        return [.. Enumerable.Range(0, count).Select(i => few[i % few.Count])];
    }

    static string NameOf(DataSource source) => JsonNamingPolicy.SnakeCaseLower.ConvertName(source.ToString());
}
