using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Gguf;
using Goodhart.Models.Llama2c;
using Goodhart.Models.Safetensors;
using Goodhart.Tokenizers;

namespace Goodhart.Cli.Commands;

/// <summary>A model from one format to another.</summary>
sealed class ConvertCommand : Verb
{
    const string Llama2c = "llama2c", Gguf = "gguf", HuggingFace = "huggingface";

    readonly Option<string> _from = OptionOf.Choice("--from", "FORMAT", "The format to read: llama2c (version 0), gguf, or huggingface.", Llama2c, Gguf, HuggingFace);
    readonly Option<string> _to = OptionOf.Choice("--to", "FORMAT", "The format to write: huggingface, or gguf. [default: huggingface]", HuggingFace, Gguf);
    readonly Option<string> _model = OptionOf.Text("--model", "PATH", "The weights, such as stories260K.bin, or the directory.");
    readonly Option<string> _tokenizer = OptionOf.Text("--tokenizer", "FILE", "The vocabulary, such as tok512.bin or tokenizer.json. [default: the one in a model's directory]");
    readonly Option<string> _output = OptionOf.Text("--output", "PATH", "The directory to write, or the .gguf file.");
    readonly Option<bool> _overwrite = OptionOf.Overwrite();

    public ConvertCommand() : base("convert", "Write a model in another format.")
    {
        foreach (Option required in new Option[] { _from, _model, _output })
        {
            required.Required = true;
            Options.Add(required);
        }

        foreach (Option option in new Option[] { _to, _tokenizer, _overwrite })
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("from llama2.c's files to config.json, model.safetensors and tokenizer.json",
            "goodhart convert --from llama2c --model stories260K.bin \\\n    --tokenizer tok512.bin --output stories"),
        new("a student for llama.cpp",
            "goodhart convert --from huggingface --to gguf \\\n    --model my-model --output my-model.gguf"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        string path = given.GetValue(_model)!, output = given.GetValue(_output)!;
        string vocabulary = given.GetValue(_tokenizer) ?? (given.GetValue(_from) == HuggingFace
            ? Path.Combine(path, "tokenizer.json")
            : throw new UsageException($"--from {given.GetValue(_from)} needs --tokenizer, the vocabulary that the model was trained with."));
        bool toGguf = given.GetValue(_to) == Gguf;
        CheckOutput(output, toGguf, given.GetValue(_overwrite));

        ICausalLm model = Read(given.GetValue(_from)!, path);
        IModelConfig config = model.Config;
        Tokenizer tokenizer = Tokenizer.Load(vocabulary);
        if (tokenizer.VocabularySize > config.VocabSize || (given.GetValue(_from) == Llama2c && tokenizer.VocabularySize != config.VocabSize))
        {
            throw new CheckpointException(
                $"{vocabulary}: should have the model's {config.VocabSize} tokens, got {tokenizer.VocabularySize}. Name the vocabulary that {path} was trained with.");
        }

        if (toGguf)
        {
            WriteGguf(output, model, tokenizer);
        }
        else
        {
            NewDirectory.Write(output, directory =>
            {
                ModelDirectory.Save(model, directory);
                tokenizer.Save(directory);
            });
        }

        terminal.Error.WriteLine(FormattableString.Invariant(
            $"{output}: {model.Weights.Count:#,0} weights, {config.NumHiddenLayers} layers, {config.VocabSize} tokens, context {config.MaxPositionEmbeddings}."));
        return ExitCode.Done;
    }

    static ICausalLm Read(string format, string path)
    {
        if (format == HuggingFace)
            return ModelDirectory.Load(path, trainable: false);
        if (format == Gguf)
        {
            (LlamaConfig ggufConfig, IReadOnlyList<NamedTensor> ggufWeights) = GgufModel.Read(path);
            return ModelDirectory.Create(ggufConfig, ggufWeights, trainable: false);
        }

        // llama2.c ends a text where the next one would begin.
        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) = Llama2cCheckpoint.Read(path);
        return ModelDirectory.Create(config with { EosTokenId = [.. config.EosTokenId, config.BosTokenId!.Value] }, weights, trainable: false);
    }

    static void CheckOutput(string output, bool isFile, bool overwrite)
    {
        if (!isFile)
            NewDirectory.Check(output, overwrite);
        else if (Directory.Exists(output))
            throw new UsageException($"{output}: is a directory. Name a .gguf file with --output.");
        else if (!overwrite && File.Exists(output))
            throw new UsageException($"{output}: already exists. Name a new file with --output, or replace it with --overwrite.");
    }

    static void WriteGguf(string output, ICausalLm model, Tokenizer tokenizer)
    {
        if (model is not LlamaModel llama)
            throw new CheckpointException($"{output}: a {model.Config.ModelType} cannot be written as GGUF; llama, mistral, qwen2 and qwen3 can. Keep the Hugging Face directory.");

        string directory = Directory.CreateTempSubdirectory("goodhart-").FullName;
        try
        {
            tokenizer.Save(directory);
            GgufWriter.Write(output, llama, GgufVocabulary.Read(directory, tokenizer, llama.Config.VocabSize));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
