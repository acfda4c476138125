using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;

namespace Goodhart.Cli.Benchmarks;

/// <summary>All cases by name.</summary>
static class Suite
{
    /// <summary>As in --only and in the table's order; what is measured where none is named is all but the last.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["matmul", "op", "step", "sampling", Scaling.Group];

    /// <summary>Every case, in the order of the table.</summary>
    /// <param name="threads">How many at most; products of matrices are also measured with one.</param>
    /// <param name="greedy">The model of greedy-1; null for random weights.</param>
    public static IReadOnlyList<IBenchCase> Cases(int threads, ICausalLm? greedy = null) =>
        [.. MatMuls(threads), .. new OpCases(threads).All, .. Steps(threads), .. Sampling(threads, greedy), .. Scaling.Cases(threads)];

    /// <summary>A model of these sizes, its head tied to its embedding.</summary>
    public static LlamaConfig Llama(int width, int hidden, int layers, int heads, int keyHeads, int vocabulary) => new()
    {
        VocabSize = vocabulary,
        HiddenSize = width,
        IntermediateSize = hidden,
        NumHiddenLayers = layers,
        NumAttentionHeads = heads,
        NumKeyValueHeads = keyHeads,
        MaxPositionEmbeddings = 512,
        TieWordEmbeddings = true,
    };

    static IEnumerable<IBenchCase> MatMuls(int threads)
    {
        (string Name, int Rows, int Inputs, int Outputs)[] shapes =
        [
            ("square-512", 512, 512, 512),
            ("square-1024", 1024, 1024, 1024),
            ("wide-512", 1024, 512, 1376),
            ("feed-forward", 1024, 256, 688),
            ("lab-layer", 2048, 32, 88),
            ("large-head", 1024, 288, 32000),
            ("decode-32", 32, 64, 172),
            ("decode-1", 1, 64, 172),
        ];
        return shapes.SelectMany(shape => Enum.GetValues<Product>()
            .Where(product => product == Product.Forward || shape.Rows > MatMulCase.MostInDecoding)
            .SelectMany(product => new[] { 1, threads }.Distinct()
                .Select(count => new MatMulCase(shape.Name, shape.Rows, shape.Inputs, shape.Outputs, product, count))));
    }

    static IEnumerable<IBenchCase> Steps(int threads) =>
    [
        new StepCase("lab", Llama(32, 88, 3, 4, 4, 512), Llama(48, 128, 4, 6, 6, 512), 32, 64, threads, new Target(Ratio: 4)),
        new StepCase("small", Llama(64, 172, 5, 8, 4, 512), Llama(128, 344, 6, 8, 4, 512), 32, 128, threads, new Target(Ratio: 4)),
        new StepCase("medium", Llama(256, 688, 6, 8, 8, 8192), Llama(384, 1024, 8, 8, 8, 8192), 8, 128, threads,
            new Target(Ratio: 1.6, PeakShare: threads == 2 ? 0.6 : null)),
        LargeVocabulary("large-vocabulary", threads, new Target(Ratio: 2, LogitsShare: 1 / 8.0)) with { IsLean = true },
        LargeVocabulary("vocabulary-fast", threads, target: null),
    ];

    static StepCase LargeVocabulary(string name, int threads, Target? target) =>
        new(name, Llama(288, 768, 6, 6, 6, 32000), Llama(288, 768, 6, 6, 6, 32000), 4, 256, threads, target);

    static IEnumerable<IBenchCase> Sampling(int threads, ICausalLm? greedy)
    {
        ICausalLm Random() => LlamaModel.Initialize(Llama(64, 172, 5, 8, 4, 512), new Rng(0, "student")).Copy(trainable: false);
        SamplingCase Sampled(int batch, double ratio) =>
            new($"generate-{batch}", Random, batch, new GenerationOptions { BatchSize = batch }, threads, new Target(ratio));

        // A text ends where the next would begin, as in llama2.c; random weights would end anywhere.
        GenerationOptions likeliest = new() { MaxNewTokens = SamplingCase.GreedyTokens, Greedy = true, StopIds = greedy?.Config.BosTokenId is int end ? [end] : [] };
        return
        [
            Sampled(1, 10),
            Sampled(32, 8),
            Sampled(128, 8),
            new SamplingCase("greedy-1", () => greedy ?? Random(), 1, likeliest, Threads: 1, new Target(Ratio: 2)),
        ];
    }
}
