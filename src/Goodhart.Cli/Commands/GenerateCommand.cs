using System.CommandLine;
using System.CommandLine.Parsing;
using Goodhart.Cli.Generation;
using Goodhart.Cli.Parsing;
using Goodhart.Distillation;
using Goodhart.Engine.Threading;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Generation;

namespace Goodhart.Cli.Commands;

/// <summary>What a model writes after a prompt.</summary>
sealed class GenerateCommand : Verb
{
    const int UsualLength = 256;

    readonly Option<string> _model = OptionOf.Text("--model", "DIR", "A Llama directory with its tokenizer.");
    readonly Option<string[]> _prompt = new("--prompt") { HelpName = "TEXT", Description = "A text to continue; may be empty, and given more than once." };
    readonly Option<string> _prompts = OptionOf.Text("--prompts", "FILE", "Many of them: an object with \"prompt\" a line for .jsonl, else a text a line.");
    readonly Option<int?> _maxNewTokens = OptionOf.Number("--max-new-tokens", "N",
        $"The longest completion. [default: {UsualLength}, or what the context has room for]", 1);
    readonly Option<bool> _greedy = OptionOf.Flag("--greedy", "Take the likeliest token instead of sampling.");
    readonly Option<float?> _temperature = OptionOf.Number("--sampling-temperature", "T", "Divides the logits before sampling. [default: 1]", 0f);
    readonly Option<int?> _topK = OptionOf.Number("--top-k", "K", "Sample from the K likeliest tokens only. [default: all]", 1);
    readonly Option<float?> _topP = OptionOf.Number("--top-p", "P", "Sample from the fewest tokens that have this probability together. [default: 1]", 0f);
    readonly Option<int?> _numGenerations = OptionOf.Number("--num-generations", "N", "Completions of each prompt. [default: 1]", 1);
    readonly Option<long?> _seed = OptionOf.Number("--seed", "N", "Of the sampling; the same seed gives the same texts. [default: 0]", 0L);
    readonly Option<int?> _threads = OptionOf.Threads();
    readonly Option<string> _output = OptionOf.Text("--output", "FILE", "Write JSON lines to a file instead of texts to stdout.");
    readonly Option<string> _source = OptionOf.Choice("--source", "WHO", "What JSON lines call the writer: teacher, student or oracle. [default: teacher]", "teacher", "student", "oracle");
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write JSON lines to stdout.");
    readonly Option<bool> _overwrite = OptionOf.Overwrite();

    public GenerateCommand() : base("generate", "Continue texts with a model. The text of a single prompt is shown as it comes into being.")
    {
        _model.Required = true;
        foreach (Option option in new Option[]
        {
            _model, _prompt, _prompts, _maxNewTokens, _greedy, _temperature, _topK, _topP, _numGenerations, _seed, _threads, _output, _source, _json, _overwrite,
            BareTemperature(),
        })
            Options.Add(option);
        Validators.Add(given =>
        {
            foreach (string problem in Contradictions(given))
                given.AddError(problem);
        });
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("a story, as it comes into being", "goodhart generate --model stories --prompt \"Once upon a time\""),
        new("the same text every time", "goodhart generate --model stories --prompt \"\" --greedy --max-new-tokens 100"),
        new("four completions of each prompt, as data for training",
            "goodhart generate --model runs/lab-1/teacher --prompts prompts.jsonl \\\n    --num-generations 4 --output completions.jsonl"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        string? output = given.GetValue(_output);
        if (output is not null && !given.GetValue(_overwrite) && Path.Exists(output))
            throw new UsageException($"{output}: is there already. Name a new file with --output, or replace it with --overwrite.");

        IReadOnlyList<Prompt> prompts = given.GetValue(_prompts) is string file
            ? Prompt.ReadFile(file)
            : [.. given.GetValue(_prompt)!.Select(text => new Prompt("--prompt", text))];
        LanguageModel model = LanguageModel.Load(given.GetValue(_model)!);
        (Prompt Prompt, int[] Ids)[] encoded = [.. prompts.Select(prompt => (prompt, model.Encode(prompt.Text)))];
        GenerationOptions options = HowToSample(given, model, encoded);
        int each = given.GetValue(_numGenerations) ?? 1;
        (Prompt Prompt, int[] Ids)[] repeated = [.. encoded.SelectMany(prompt => Enumerable.Repeat(prompt, each))];

        using Workers workers = new(given.ThreadsOf(_threads));
        TextGenerator generator = new(model, options, given.GetValue(_seed) ?? 0, workers, cancellation);
        if (output is not null)
        {
            AtomicFile.Write(output, stream =>
            {
                using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
                int written = WriteLines(given, generator.Complete(repeated), writer);
                terminal.Error.WriteLine($"{output}: {written} of {repeated.Length} completions.");
            });
        }
        else if (given.GetValue(_json))
        {
            WriteLines(given, generator.Complete(repeated), terminal.Out);
        }
        else if (repeated is [var only])
        {
            terminal.Out.Write(only.Prompt.Text);
            generator.Stream(only.Ids, terminal.Out);
            if (terminal.OutIsTerminal)
                terminal.Out.WriteLine();
        }
        else
        {
            int count = 0;
            foreach (GeneratedText text in generator.Complete(repeated))
                terminal.Out.WriteLine($"[{++count}/{repeated.Length}]\n{text.Prompt.Text}{text.Completion}");
        }

        return cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    int WriteLines(ParseResult given, IEnumerable<GeneratedText> texts, TextWriter writer)
    {
        string source = given.GetValue(_source) ?? "teacher", model = given.GetValue(_model)!;
        int count = 0;
        foreach (GeneratedText text in texts)
        {
            writer.WriteLine(CompletionLine.Of(text.Prompt.Text, text.Completion, source, model, given.GetValue(_seed) ?? 0, text.Reason));
            count++;
        }

        return count;
    }

    GenerationOptions HowToSample(ParseResult given, LanguageModel model, IReadOnlyList<(Prompt Prompt, int[] Ids)> prompts)
    {
        int context = model.Model.Config.MaxPositionEmbeddings;
        int? wanted = given.GetValue(_maxNewTokens);
        string[] tooLong =
        [
            .. prompts.Where(prompt => prompt.Ids.Length + (wanted ?? 1) > context).Select(prompt =>
                $"{prompt.Prompt.Place}: has {prompt.Ids.Length} tokens and {wanted ?? 1} may follow; the model's context is {context}. Shorten the prompt"
                + (wanted > 1 ? " or lower --max-new-tokens." : ".")),
        ];
        if (tooLong.Length > 0)
            throw new UsageException(tooLong);

        GenerationOptions options = new()
        {
            MaxNewTokens = wanted ?? Math.Min(UsualLength, context - prompts.Max(prompt => prompt.Ids.Length)),
            Greedy = given.GetValue(_greedy),
            SamplingTemperature = given.GetValue(_temperature) ?? 1,
            TopK = given.GetValue(_topK) ?? 0,
            TopP = given.GetValue(_topP) ?? 1,
            StopIds = model.StopIds,
        };
        string[] problems = [.. options.Validate()];
        return problems.Length == 0 ? options : throw new UsageException(problems);
    }

    IEnumerable<string> Contradictions(CommandResult given)
    {
        bool Has(Option option) => given.GetResult(option) is { Implicit: false };
        if (Has(_prompt) == Has(_prompts))
            yield return "give either --prompt or --prompts.";
        if (Has(_output) && Has(_json))
            yield return "--output and --json both say where JSON lines go. Give one of them.";
        if (Has(_overwrite) && !Has(_output))
            yield return "--overwrite has no effect without --output.";
        if (Has(_source) && !Has(_output) && !Has(_json))
            yield return "--source has no effect without --output or --json.";
        foreach (Option option in new Option[] { _temperature, _topK, _topP, _numGenerations }.Where(option => Has(_greedy) && Has(option)))
            yield return $"{option.Name} has no effect with --greedy, which always takes the likeliest token.";
    }

    /// <summary>Other tools mean one thing or the other by it, so we refuse to guess.</summary>
    static Option<string> BareTemperature()
    {
        Option<string> option = new("--temperature") { Hidden = true };
        option.Validators.Add(given => given.AddError(
            "--temperature means different things in different tools. Write --sampling-temperature for sampling; in a loss it is loss_temperature."));
        return option;
    }
}
