using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Autograd;

public sealed class TapeTests : IDisposable
{
    readonly Workers _workers = new(1);
    readonly Tape _tape;
    readonly ParameterSet _parameters = new([("a", [2, 3]), ("w", [3, 3]), ("wide", [2, 20])], trainable: true);

    public TapeTests()
    {
        _tape = new Tape(_workers);
        for (int i = 0; i < A.Data.Length; i++)
            A.Data[i] = i + 1;
        for (int i = 0; i < W.Data.Length; i++)
            W.Data[i] = 0.1f * i - 0.3f;
        for (int i = 0; i < Wide.Data.Length; i++)
            Wide.Data[i] = MathF.Sin(i);
    }

    Tensor A => _parameters["a"];

    Tensor W => _parameters["w"];

    /// <summary>More than one vector a row.</summary>
    Tensor Wide => _parameters["wide"];

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        Tensor y = _tape.Linear(A, W);
        _tape.Backward(_tape.Sum(_tape.Add(y, _tape.Add(y, A))));

        float[] columnSums = [.. Enumerable.Range(0, 3).Select(j => 2 * (W.Row(0)[j] + W.Row(1)[j] + W.Row(2)[j]) + 1)];
        AssertClose([.. columnSums, .. columnSums], A.Gradient.Span);
    }

    [Fact]
    public void The_same_tensor_in_all_arguments_gets_all_gradients()
    {
        float[] together = Gradient(x => _tape.SwiGlu(x, x)), apart = Gradient(x => _tape.SwiGlu(x, Copy(x)), x => _tape.SwiGlu(Copy(x), x));
        AssertClose(apart, together);

        together = Gradient(x => _tape.Add(x, x));
        AssertClose([.. Enumerable.Repeat(2f, together.Length)], together);

        together = Gradient(x => _tape.Linear(x, x));
        AssertClose(Gradient(x => _tape.Linear(x, Copy(x)), x => _tape.Linear(Copy(x), x)), together);

        together = Gradient(x => _tape.CausalAttention(x, x, x, time: 2, heads: 1, keyHeads: 1));
        apart = Gradient(
            x => _tape.CausalAttention(x, Copy(x), Copy(x), 2, 1, 1), x => _tape.CausalAttention(Copy(x), x, Copy(x), 2, 1, 1),
            x => _tape.CausalAttention(Copy(x), Copy(x), x, 2, 1, 1));
        AssertClose(apart, together);

        static Tensor Copy(Tensor x) => Tensor.Constant(x.Data.ToArray(), x.Shape);
    }

    [Fact]
    public void What_the_loss_does_not_depend_on_gets_no_gradient()
    {
        _tape.Linear(A, W);
        _tape.Backward(_tape.Sum(_tape.Add(A, A)));

        Assert.Equal(-1, W.Gradient.Span.IndexOfAnyExcept(0));
        Assert.Equal([2, 2, 2, 2, 2, 2], A.Gradient.ToArray());
    }

    [Fact]
    public void A_backward_pass_replays_each_op_once()
    {
        _tape.Backward(_tape.Sum(A));
        _tape.Backward(_tape.Sum(A));

        Assert.Equal([2, 2, 2, 2, 2, 2], A.Gradient.ToArray());
    }

    [Fact]
    public void Reset_forgets_what_was_recorded()
    {
        Tensor forgotten = _tape.Sum(_tape.Linear(A, W));
        _tape.Reset();
        _tape.Backward(_tape.Sum(A));

        Assert.Equal([1, 1, 1, 1, 1, 1], A.Gradient.ToArray());
        Assert.Equal(-1, W.Gradient.Span.IndexOfAnyExcept(0));
        Assert.True(forgotten.Gradient.IsEmpty);
    }

    [Fact]
    public void Steps_of_the_same_size_need_no_more_memory_than_the_first()
    {
        Step();
        (long activations, long gradients) = (_tape.PeakActivationBytes, _tape.GradientBytes);
        for (int i = 0; i < 10; i++)
            Step();

        Assert.Equal((activations, gradients), (_tape.PeakActivationBytes, _tape.GradientBytes));

        void Step()
        {
            _tape.Reset();
            Tensor h = A;
            for (int layer = 0; layer < 5; layer++)
                h = _tape.Add(h, _tape.Linear(h, W));
            _tape.Backward(_tape.Sum(h));
        }
    }

    [Fact]
    public void Gradients_of_a_deep_chain_share_a_few_blocks()
    {
        Tensor h = A;
        for (int layer = 0; layer < 50; layer++)
            h = _tape.Linear(h, W);
        _tape.Backward(_tape.Sum(h));

        Assert.InRange(_tape.GradientBytes, 1, 4 * 16 * sizeof(float));
    }

    [Fact]
    public void Without_recording_the_values_are_the_same_and_nothing_is_trained()
    {
        Tape silent = new(_workers, recording: false);
        Tensor loud = _tape.Linear(A, W), quiet = silent.Linear(A, W);

        Assert.Equal(loud.Data.ToArray(), quiet.Data.ToArray());
        Assert.False(quiet.RequiresGradient);
        Assert.Throws<ArgumentException>(() => silent.Backward(silent.Sum(quiet)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_has_the_bits_of_its_body_forwards_and_backwards(bool checkpointing)
    {
        float[] expected = Gradients(new Tape(_workers), out float value, (tape, x) => Body(tape, Body(tape, x)));

        float[] actual = Gradients(
            new Tape(_workers) { GradientCheckpointing = checkpointing }, out float again,
            (tape, x) => tape.Segment(tape.Segment(x, h => Body(tape, h)), h => Body(tape, h)));

        Assert.Equal(value, again);
        Assert.Equal(expected, actual);

        Tensor Body(Tape tape, Tensor x) => tape.SwiGlu(tape.Add(x, Wide), x);

        float[] Gradients(Tape tape, out float loss, Func<Tape, Tensor, Tensor> model)
        {
            _parameters.ZeroGradients();
            Tensor sum = tape.Sum(model(tape, tape.Add(Wide, Wide)));
            loss = sum.Data[0];
            tape.Backward(sum);
            return Wide.Gradient.ToArray();
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Of_a_segment_only_the_result_is_kept(bool recording, bool checkpointing)
    {
        const int Segments = 100, OpsInside = 20;
        Tape whole = new(_workers), inSegments = new(_workers, recording) { GradientCheckpointing = checkpointing };
        Run(whole);
        Run(inSegments);

        Assert.True(
            inSegments.PeakActivationBytes < whole.PeakActivationBytes / 10,
            $"In segments it should take a fraction of {whole.PeakActivationBytes} bytes, took {inSegments.PeakActivationBytes}.");

        void Run(Tape tape)
        {
            Tensor h = tape.Add(Wide, Wide);
            for (int segment = 0; segment < Segments; segment++)
                h = tape.Segment(h, x => Enumerable.Range(0, OpsInside).Aggregate(x, (y, _) => tape.Add(y, Wide)));
            if (tape.IsRecording)
                tape.Backward(tape.Sum(h));
        }
    }

    [Fact]
    public void Attention_over_packed_sequences_has_the_values_and_gradients_of_each_alone()
    {
        int[] lengths = [3, 1, 17, 2];
        ParameterSet inputs = new([("q", [23, 8]), ("k", [23, 4]), ("v", [23, 4])], trainable: true);
        for (int i = 0; i < inputs.Values.Length; i++)
            inputs.Values[i] = MathF.Sin(1.7f * i);
        Tensor together = _tape.CausalAttention(inputs["q"], inputs["k"], inputs["v"], new SequenceOffsets(lengths), heads: 2, keyHeads: 1);
        float[] values = together.Data.ToArray();
        _tape.Backward(_tape.Sum(together));

        for (int sequence = 0, first = 0; sequence < lengths.Length; first += lengths[sequence++])
        {
            int time = lengths[sequence];
            ParameterSet own = new([("q", [time, 8]), ("k", [time, 4]), ("v", [time, 4])], trainable: true);
            foreach (Parameter parameter in own.All)
                inputs[parameter.Name].Rows(first, time).CopyTo(parameter.Value.Data);
            _tape.Reset();
            Tensor alone = _tape.CausalAttention(own["q"], own["k"], own["v"], time, heads: 2, keyHeads: 1);
            Assert.Equal(alone.Data.ToArray(), values[(first * 8)..((first + time) * 8)]);
            _tape.Backward(_tape.Sum(alone));
            foreach (Parameter parameter in own.All)
            {
                int columns = parameter.Value.Shape.Columns;
                AssertClose(parameter.Value.Gradient.Span, inputs[parameter.Name].Gradient.Span.Slice(first * columns, time * columns));
            }
        }
    }

    [Fact]
    public void A_kept_weight_layout_is_used_until_it_is_forgotten()
    {
        Tape silent = new(_workers, recording: false) { KeepsPackedWeights = true };
        float[] first = silent.Linear(A, W).Data.ToArray();
        W.Data.Fill(1);

        Assert.Equal(first, silent.Linear(A, W).Data.ToArray());
        silent.Reset();
        Assert.Equal(first, silent.Linear(A, W).Data.ToArray());
        silent.ForgetPackedWeights();
        Assert.Equal([6, 6, 6, 15, 15, 15], silent.Linear(A, W).Data.ToArray());
    }

    public void Dispose() => _workers.Dispose();

    /// <summary>The gradient of the sum of what the ops make of the same input.</summary>
    float[] Gradient(params Func<Tensor, Tensor>[] ops)
    {
        _tape.Reset();
        _parameters.ZeroGradients();
        foreach (Func<Tensor, Tensor> op in ops)
            _tape.Backward(_tape.Sum(op(Wide)));
        return Wide.Gradient.ToArray();
    }

    static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-4f);
    }
}
