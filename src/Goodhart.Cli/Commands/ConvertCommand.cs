using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Llama2c;
using Goodhart.Models.Safetensors;
using Goodhart.Tokenizers;

namespace Goodhart.Cli.Commands;

/// <summary>Another program's model to a Hugging Face directory.</summary>
sealed class ConvertCommand : Verb
{
    const string Llama2c = "llama2c";

    readonly Option<string> _from = OptionOf.Choice("--from", "FORMAT", "The format to read: llama2c (version 0).", Llama2c);
    readonly Option<string> _model = OptionOf.Text("--model", "FILE", "The weights, such as stories260K.bin.");
    readonly Option<string> _tokenizer = OptionOf.Text("--tokenizer", "FILE", "The vocabulary, such as tok512.bin.");
    readonly Option<string> _output = OptionOf.Text("--output", "DIR", "The directory to write.");
    readonly Option<bool> _overwrite = OptionOf.Overwrite();

    public ConvertCommand() : base("convert", "Write another program's model as a Hugging Face directory.")
    {
        foreach (Option required in new Option[] { _from, _model, _tokenizer, _output })
        {
            required.Required = true;
            Options.Add(required);
        }

        Options.Add(_overwrite);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("from llama2.c's files to config.json, model.safetensors and tokenizer.json",
            "goodhart convert --from llama2c --model stories260K.bin \\\n    --tokenizer tok512.bin --output stories"),
        new("once more, in place of an earlier one",
            "goodhart convert --from llama2c --model new.bin \\\n    --tokenizer tok512.bin --output stories --overwrite"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        string path = given.GetValue(_model)!, vocabulary = given.GetValue(_tokenizer)!, output = given.GetValue(_output)!;
        NewDirectory.Check(output, given.GetValue(_overwrite));

        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) = Llama2cCheckpoint.Read(path);
        Tokenizer tokenizer = Tokenizer.Load(vocabulary);
        if (tokenizer.VocabularySize != config.VocabSize)
        {
            throw new CheckpointException(
                $"{vocabulary}: should have the model's {config.VocabSize} tokens, got {tokenizer.VocabularySize}. Name the vocabulary that {path} was trained with.");
        }

        // llama2.c ends a text where the next one would begin.
        ICausalLm model = ModelDirectory.Create(config with { EosTokenId = [.. config.EosTokenId, config.BosTokenId!.Value] }, weights, trainable: false);
        NewDirectory.Write(output, directory =>
        {
            ModelDirectory.Save(model, directory);
            tokenizer.Save(directory);
        });
        terminal.Error.WriteLine(FormattableString.Invariant(
            $"{output}: {model.Parameters.Count:#,0} weights, {config.NumHiddenLayers} layers, {config.VocabSize} tokens, context {config.MaxPositionEmbeddings}."));
        return ExitCode.Done;
    }
}
