using System.CommandLine;
using System.Text.Json;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Rendering;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Distillation.Recipes;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Experiments;
using Goodhart.Models;
using Goodhart.Tokenizers;
using Spectre.Console;
using Example = Goodhart.Cli.Parsing.Example;

namespace Goodhart.Cli.Commands;

/// <summary>A causal language model from text.</summary>
sealed class TrainCommand : Verb
{
    const string Stage = "train";

    readonly Argument<string[]> _settings = SettingsArgument.Create(
        "Settings in place of those of the file: vocab_size, hidden_size, intermediate_size, num_hidden_layers, num_attention_heads, "
        + "num_key_value_heads, max_position_embeddings, block_length, seed, training.max_steps, training.learning_rate and so on.");

    readonly Option<string[]> _text = new("--text")
    {
        HelpName = "FILE",
        Description = "Text to learn, UTF-8; <|endoftext|> ends a document. A .jsonl file has objects with 'text', or with 'prompt' and 'completion'. May be repeated.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string[]> _heldOut = new("--held-out")
    {
        HelpName = "FILE",
        Description = "Text to score the model on, of the same form; none of it is learnt.",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string> _output = OptionOf.Text("--output", "DIR", "The directory to write the model to.");
    readonly Option<string> _config = OptionOf.Text("--config", "FILE", "Settings as YAML.");
    readonly Option<string> _tokenizer = OptionOf.Text("--tokenizer", "PATH", "A tokenizer.json or a directory that has one. [default: a new one of vocab_size tokens, trained on the text]");
    readonly Option<int?> _threads = OptionOf.Threads();
    readonly Option<bool> _overwrite = OptionOf.Overwrite();
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write the score as JSON.");

    public TrainCommand() : base("train", "Train a causal language model, and its tokenizer, from text.")
    {
        _output.Required = true;
        Arguments.Add(_settings);
        foreach (Option option in new Option[] { _text, _heldOut, _output, _config, _tokenizer, _threads, _overwrite, _json })
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("a small story-writer", "goodhart train --text stories.txt --held-out more.txt --output my-model"),
        new("wider, longer, with the tokenizer of another model",
            "goodhart train --text stories.txt --tokenizer other-model --output my-model \\\n  hidden_size=128 intermediate_size=344 training.max_steps=10000"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        CausalLmOptions options = ConfigFile.Load<CausalLmOptions>(given.GetValue(_config), given.GetValue(_settings) ?? []);
        string[] problems = [.. options.Validate()];
        if (problems.Length > 0)
            throw new ConfigException(problems);

        string output = given.GetValue(_output)!;
        NewDirectory.Check(output, given.GetValue(_overwrite));
        IReadOnlyList<string> documents = TextCorpus.Read(given.GetValue(_text)!), heldOut = TextCorpus.Read(given.GetValue(_heldOut) ?? []);
        Tokenizer? tokenizer = given.GetValue(_tokenizer) is string path ? Tokenizer.Load(path) : null;
        terminal.Error.WriteLine(FormattableString.Invariant(
            $"{output}: {documents.Count:#,0} documents, {options.Training.MaxSteps:#,0} steps of {options.Training.PerDeviceTrainBatchSize * options.Training.GradientAccumulationSteps} x {options.BlockLength} tokens, seed {options.Seed}"));

        TrainedLanguageModel trained = Train(documents, heldOut, tokenizer, options, given.ThreadsOf(_threads), terminal, cancellation);
        NewDirectory.Write(output, directory =>
        {
            ModelDirectory.Save(trained.Model, directory);
            trained.Tokenizer.Save(directory);
        });
        Write(terminal, trained, given.GetValue(_json));
        if (!cancellation.IsCancellationRequested)
            return ExitCode.Done;
        terminal.Error.WriteLine($"goodhart: stopped early. The model as it was then is in {output}.");
        return ExitCode.Interrupted;
    }

    static TrainedLanguageModel Train(
        IReadOnlyList<string> documents, IReadOnlyList<string> heldOut, Tokenizer? tokenizer, CausalLmOptions options, int threads,
        Terminal terminal, CancellationToken cancellation)
    {
        using Workers workers = new(threads);
        IAnsiConsole console = terminal.ForError();
        return console.Profile.Capabilities.Ansi
            ? LiveProgress.Run(terminal, console, new LabBoard([Stage], () => "Ctrl-C stops and keeps the model as it is.", TimeProvider.System), Work)
            : Work(new PlainProgress(terminal.Error, TimeProvider.System));

        TrainedLanguageModel Work(IProgress<LabProgress> progress) => CausalLmTraining.Run(documents, heldOut, tokenizer, options, workers, step =>
        {
            progress.Report(new LabProgress(Stage, step.Step, options.Training.MaxSteps, step.Tokens, step.Loss));
            return cancellation.IsCancellationRequested ? RunDecision.Stop : RunDecision.Continue;
        });
    }

    static void Write(Terminal terminal, TrainedLanguageModel trained, bool asJson)
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(new
            {
                parameters = trained.Model.Parameters.Count,
                vocab_size = trained.Tokenizer.VocabularySize,
                tokens_per_epoch = trained.TokensPerEpoch,
                nats_per_token = trained.HeldOut?.NatsPerToken,
                nats_per_byte = trained.HeldOut?.NatsPerByte,
                held_out_tokens = trained.HeldOut?.Tokens,
                held_out_bytes = trained.HeldOut?.Bytes,
            }));
            return;
        }

        terminal.Out.WriteLine(FormattableString.Invariant(
            $"{trained.Model.Parameters.Count:#,0} weights, {trained.Tokenizer.VocabularySize} tokens, {trained.TokensPerEpoch:#,0} tokens an epoch"));
        if (trained.HeldOut is TextScore score)
        {
            terminal.Out.WriteLine(FormattableString.Invariant(
                $"held out: {score.NatsPerToken:0.0000} nats per token, {score.NatsPerByte:0.0000} nats per byte, over {score.Tokens:#,0} tokens and {score.Bytes:#,0} bytes"));
        }
    }
}
