using Goodhart.Engine.Autograd;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Every op but the linear layer, whose products are cases of their own, at the sizes of a small model's step.</summary>
/// <param name="threads">How many.</param>
sealed class OpCases(int threads)
{
    const int Rows = 4096, Time = 128, Width = 64, Hidden = 172, Vocabulary = 512, Heads = 8, KeyHeads = 4, Head = Width / Heads;

    public IEnumerable<IBenchCase> All => [.. Layers(), .. Losses(), .. ProjectedLosses(), .. Passes()];

    IEnumerable<IBenchCase> Layers()
    {
        RopeTable rope = new(Time, Head, 10000, interleaved: false);
        int[] positions = [.. Enumerable.Range(0, Rows).Select(n => n % Time)], ids = [.. Enumerable.Range(0, Rows).Select(n => n % Vocabulary)];
        int[] lengths = [.. Enumerable.Repeat(Time, Rows / Time)], buckets = [.. Enumerable.Range(0, 2 * Time - 1).Select(distance => distance / 8)];
        Tensor gain = Constant(1, Width);
        Shape rows = new(Rows, Width), wide = new(Rows, Hidden), keys = new(Rows, Width / 2);
        double attention = 2.0 * Rows * Width * Time;
        return
        [
            .. Both("embedding", 2 * Width, 3 * Width, 0, [new(Vocabulary, Width)], (tape, x) => tape.Embedding(x[0], ids)),
            .. Both("add", 3 * Width, 5 * Width, 0, [rows, rows], (tape, x) => tape.Add(x[0], x[1])),
            .. Both("add-bias", 2 * Width, 3 * Width, 0, [rows, new(1, Width)], (tape, x) => tape.AddBias(x[0], x[1])),
            .. Both("multiply", 3 * Width, 7 * Width, 0, [rows, rows], (tape, x) => tape.Multiply(x[0], x[1])),
            .. Both("scale", 2 * Width, 3 * Width, 0, [rows], (tape, x) => tape.Scale(x[0], 0.5f)),
            .. Both("columns", Width, 1.5 * Width, 0, [rows], (tape, x) => tape.Columns(x[0], 0, Width / 2)),
            .. Both("layer-norm", 2 * Width, 4 * Width, 0, [rows], (tape, x) => tape.LayerNorm(x[0], gain, gain, 1e-5f)),
            .. Both("rms-norm", 2 * Width, 4 * Width, 0, [rows], (tape, x) => tape.RmsNorm(x[0], gain, 1e-5f)),
            .. Both("rope", 2 * Width, 3 * Width, 0, [rows], (tape, x) => tape.Rope(x[0], rope, positions)),
            .. Both("relu", 2 * Hidden, 4 * Hidden, 0, [wide], (tape, x) => tape.Relu(x[0])),
            .. Both("gelu", 2 * Hidden, 4 * Hidden, 0, [wide], (tape, x) => tape.Gelu(x[0])),
            .. Both("swiglu", 3 * Hidden, 7 * Hidden, 0, [wide, wide], (tape, x) => tape.SwiGlu(x[0], x[1])),
            .. Both("attention", 3 * Width, 7 * Width, attention, [rows, keys, keys], (tape, x) => tape.CausalAttention(x[0], x[1], x[2], Time, Heads, KeyHeads)),
            .. Both("biased-attention", 4 * Width, 8 * Width, 2 * attention, [rows, rows, rows, new(32, Heads)], (tape, x) =>
                tape.BiasedAttention(x[0], x[1], x[2], lengths, Heads, new RelativeBias(x[3], buckets), causal: false)),
            .. Both("columns", 2 * Width / 2, 3 * Width / 2, 0, [rows], (tape, x) => tape.Columns(x[0], 0, Width / 2)),
            CachedAttention(),
        ];
    }

    IEnumerable<IBenchCase> Losses()
    {
        int[] targets = [.. Enumerable.Range(0, Rows).Select(n => n % Vocabulary)];
        Lazy<Tensor> teacher = new(() => Constant(Rows, Vocabulary));
        Shape logits = new(Rows, Vocabulary);
        return
        [
            .. Both("sum", Vocabulary, Vocabulary, 0, [logits], (tape, x) => tape.Sum(x[0])),
            .. Both("cross-entropy", Vocabulary, 3 * Vocabulary, 0, [logits], (tape, x) => tape.CrossEntropy(x[0], targets)),
            .. Both("forward-kl", 2 * Vocabulary, 4 * Vocabulary, 0, [logits], (tape, x) => tape.ForwardKl(x[0], teacher.Value)),
            .. Both("reverse-kl", 2 * Vocabulary, 4 * Vocabulary, 0, [logits], (tape, x) => tape.ReverseKl(x[0], teacher.Value)),
            .. Both("jsd", 2 * Vocabulary, 4 * Vocabulary, 0, [logits], (tape, x) => tape.JensenShannon(x[0], teacher.Value)),
        ];
    }

    /// <summary>Losses from hidden states on; one call computes both models' logits and both gradients.</summary>
    IEnumerable<IBenchCase> ProjectedLosses()
    {
        const int Some = 512, Wide = 288, Large = 8192;
        const float Weight = 1f / Some;
        int[] targets = [.. Enumerable.Range(0, Some).Select(n => n * 7 % Large)];
        Lazy<Projection> teacher = new(() => new Projection(Constant(Some, Wide), Constant(Large, Wide)));

        OpCase Projected(string name, int products, Func<Tape, Projection, Tensor> loss) =>
            Forward("projected-" + name, $"{Some} rows, width {Wide}, V {Large}, gradients included",
                (double)(Some + Large) * Wide * products, 2.0 * Some * Wide * Large * products,
                [new(Some, Wide), new(Large, Wide)], (tape, x) => loss(tape, new Projection(x[0], x[1])));
        return
        [
            Projected("cross-entropy", 3, (tape, own) => tape.CrossEntropy(own, targets, Weight)),
            Projected("forward-kl", 4, (tape, own) => tape.ForwardKl(own, teacher.Value, Weight)),
            Projected("reverse-kl", 4, (tape, own) => tape.ReverseKl(own, teacher.Value, Weight)),
            Projected("jsd", 4, (tape, own) => tape.JensenShannon(own, teacher.Value, Weight)),
        ];
    }

    /// <summary>Passes over all weights after a step.</summary>
    IEnumerable<IBenchCase> Passes()
    {
        const int Large = 2048;
        const double Weights = (double)Large * Large;
        string what = FormattableString.Invariant($"{Weights / 1e6:0.0}M weights");
        yield return new OpCase("adamw", what, 7 * Weights, 0, threads, workers =>
        {
            ParameterSet weights = Trained([new(Large, Large)]);
            AdamW optimizer = new(weights, workers);
            return Timing.Shortest(() => { }, () => optimizer.Step(1e-6f));
        });
        yield return new OpCase("clipping", what, 3 * Weights, 0, threads, workers =>
        {
            ParameterSet weights = Trained([new(Large, Large)]);
            return Timing.Shortest(() => weights.Gradients.Fill(1), () => GradientClipping.Clip(weights, 1));
        });
    }

    /// <summary>A token for each of many sequences, over the keys and values that they remember.</summary>
    OpCase CachedAttention()
    {
        const int Sequences = 128;
        return new OpCase("cached-attention", $"{Sequences} sequences of {Time} tokens", Sequences * Time * Width, 4.0 * Sequences * Time * Width, threads, workers =>
        {
            Tape tape = new(workers, recording: false);
            AttentionCache cache = new(Sequences, Time, KeyHeads, Head);
            int[] slots = [.. Enumerable.Range(0, Sequences)];
            Tensor q = Constant(Sequences, Width), k = Constant(Sequences, Width / 2), before = Constant(Sequences * (Time - 1), Width / 2);
            Tensor queries = Constant(Sequences * (Time - 1), Width);
            return Timing.Shortest(
                () =>
                {
                    foreach (int slot in slots)
                        cache.Clear(slot);
                    tape.Reset();
                    tape.CachedAttention(queries, before, before, cache, slots, Heads);
                },
                () => tape.CachedAttention(q, k, k, cache, slots, Heads));
        });
    }

    OpCase[] Both(string name, double floats, double floatsBack, double flops, Shape[] inputs, Func<Tape, Tensor[], Tensor> op)
    {
        string what = string.Join(", ", inputs);
        return
        [
            Forward(name, what, Rows * floats, flops, inputs, op),
            new OpCase(name + "-back", what, Rows * floatsBack, 2.5 * flops, threads, workers =>
            {
                Tensor[] x = [.. Trained(inputs).All.Select(input => input.Value)];
                Tape tape = new(workers);
                return Timing.ShortestBackward(() => op(tape, x), tape, workers.Profile!);
            }),
        ];
    }

    OpCase Forward(string name, string what, double floats, double flops, Shape[] inputs, Func<Tape, Tensor[], Tensor> op) =>
        new(name, what, floats, flops, threads, workers =>
        {
            Tensor[] x = [.. Trained(inputs).All.Select(input => input.Value)];
            Tape tape = new(workers);
            return Timing.Shortest(tape.Reset, () => op(tape, x));
        });

    static ParameterSet Trained(Shape[] inputs)
    {
        ParameterSet set = new(inputs.Select((shape, i) => ($"input {i}", new[] { shape.Rows, shape.Columns })), trainable: true);
        for (int i = 0; i < set.Values.Length; i++)
            set.Values[i] = (i % 31 - 15) / 8f;
        return set;
    }

    static Tensor Constant(int rows, int columns)
    {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i % 23 - 11) / 8f;
        return Tensor.Constant(values, new Shape(rows, columns));
    }
}
