using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Cli.Benchmarks;

/// <summary>All cases by name.</summary>
static class Suite
{
    const int Time = 128;

    /// <summary>Every case, in the order of the table.</summary>
    /// <param name="threads">How many at most; products of matrices are also measured with one.</param>
    public static IReadOnlyList<IBenchCase> Cases(int threads) => [.. MatMuls(threads), .. Ops(threads), .. Steps(threads), .. Sampling(threads)];

    static IEnumerable<IBenchCase> MatMuls(int threads)
    {
        (string Name, int Rows, int Inputs, int Outputs)[] shapes =
        [
            ("square-512", 512, 512, 512),
            ("square-1024", 1024, 1024, 1024),
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

    static IEnumerable<IBenchCase> Ops(int threads)
    {
        const int Rows = 4096, Width = 64, Hidden = 172, Vocabulary = 512, Heads = 8, KeyHeads = 4, Head = Width / Heads;
        RopeTable rope = new(Time, Head, 10000, interleaved: false);
        int[] positions = [.. Enumerable.Range(0, Rows).Select(n => n % Time)], ids = [.. Enumerable.Range(0, Rows).Select(n => n % Vocabulary)];
        Tensor norm = Tensor.Constant(Filled(Width), new Shape(1, Width)), teacher = Tensor.Constant(Filled(Rows * Vocabulary), new Shape(Rows, Vocabulary));

        IEnumerable<IBenchCase> Both(string name, double floats, double floatsBack, double flops, int[] inputs, Func<Tape, Tensor[], Tensor> op) =>
        [
            new OpCase(name, Rows, floats, flops, IsBackward: false, threads, inputs, op),
            new OpCase(name + "-back", Rows, floatsBack, 2.5 * flops, IsBackward: true, threads, inputs, op),
        ];
        return
        [
            .. Both("add", 3 * Width, 5 * Width, 0, [Width, Width], (tape, x) => tape.Add(x[0], x[1])),
            .. Both("rms-norm", 2 * Width, 4 * Width, 0, [Width], (tape, x) => tape.RmsNorm(x[0], norm, 1e-5f)),
            .. Both("rope", 2 * Width, 3 * Width, 0, [Width], (tape, x) => tape.Rope(x[0], rope, positions)),
            .. Both("swiglu", 3 * Hidden, 7 * Hidden, 0, [Hidden, Hidden], (tape, x) => tape.SwiGlu(x[0], x[1])),
            .. Both("attention", 3 * Width, 7 * Width, 2.0 * Width * Time, [Width, Width / 2, Width / 2],
                (tape, x) => tape.CausalAttention(x[0], x[1], x[2], Time, Heads, KeyHeads)),
            .. Both("cross-entropy", Vocabulary, 3 * Vocabulary, 0, [Vocabulary], (tape, x) => tape.CrossEntropy(x[0], ids)),
            .. Both("forward-kl", 2 * Vocabulary, 4 * Vocabulary, 0, [Vocabulary], (tape, x) => tape.ForwardKl(x[0], teacher)),
            .. Both("reverse-kl", 2 * Vocabulary, 4 * Vocabulary, 0, [Vocabulary], (tape, x) => tape.ReverseKl(x[0], teacher)),
            .. Both("jsd", 2 * Vocabulary, 4 * Vocabulary, 0, [Vocabulary], (tape, x) => tape.JensenShannon(x[0], teacher)),
        ];
    }

    static IEnumerable<IBenchCase> Steps(int threads) =>
    [
        new StepCase("lab", Llama(32, 88, 3, 4, 4, 512), Llama(48, 128, 4, 6, 6, 512), 32, 64, 100, threads),
        new StepCase("small", Llama(64, 172, 5, 8, 4, 512), Llama(128, 344, 6, 8, 4, 512), 32, 128, 15, threads),
        new StepCase("medium", Llama(256, 688, 6, 8, 8, 8192), Llama(384, 1024, 8, 8, 8, 8192), 8, 128, 9, threads),
        new StepCase("large-vocabulary", Llama(288, 768, 6, 6, 6, 32000), Llama(288, 768, 6, 6, 6, 32000), 4, 256, 5, threads),
    ];

    static IEnumerable<IBenchCase> Sampling(int threads)
    {
        LlamaConfig model = Llama(64, 172, 5, 8, 4, 512);
        return
        [
            new SamplingCase("generate-1", model, 1, Greedy: false, threads),
            new SamplingCase("generate-32", model, 32, Greedy: false, threads),
            new SamplingCase("generate-128", model, 128, Greedy: false, threads),
            new SamplingCase("greedy-1", model, 1, Greedy: true, Threads: 1),
        ];
    }

    static LlamaConfig Llama(int width, int hidden, int layers, int heads, int keyHeads, int vocabulary) => new()
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

    static float[] Filled(int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = (i % 23 - 11) / 8f;
        return values;
    }
}
