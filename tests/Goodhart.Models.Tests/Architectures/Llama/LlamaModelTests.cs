using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Architectures.Llama;

public sealed class LlamaModelTests : IDisposable
{
    readonly Workers _one = new(1), _two = new(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_are_those_of_the_written_out_model(bool isTied)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config with { TieWordEmbeddings = isTied });
        LlamaReference reference = new(model);
        int[] ids = TinyLlama.Ids(2 * 10, model.Config);

        float[] logits = TinyLlama.Logits(model, new Tape(_one), new TokenBatch(ids, 10));

        AssertClose([.. reference.Logits(ids[..10]).Concat(reference.Logits(ids[10..])).SelectMany(row => row)], logits);
    }

    [Theory]
    [MemberData(nameof(TinyLlama.Families), MemberType = typeof(TinyLlama))]
    public void Every_family_has_the_logits_of_the_written_out_model_whole_and_a_token_at_a_time(string family)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.OfFamily(family));
        int[] ids = TinyLlama.Ids(20, model.Config);
        double[] expected = [.. new LlamaReference(model).Logits(ids).SelectMany(row => row)];
        Tape tape = new(_one, recording: false);

        AssertClose(expected, TinyLlama.Logits(model, tape, new TokenBatch(ids, 20)));

        KvCache cache = model.NewCache(1, 20);
        cache.ActiveSlots = new[] { 0 };
        List<float> parts = [.. Logits(new TokenBatch(ids[..7], 7))];
        for (int t = 7; t < ids.Length; t++)
            parts.AddRange(Logits(new TokenBatch([ids[t]], 1, [t])));
        AssertClose(expected, [.. parts]);

        float[] Logits(TokenBatch batch)
        {
            tape.Reset();
            return model.Logits(tape, model.Hidden(tape, batch, cache)).Data.ToArray();
        }
    }

    [SharedDataFact]
    public void A_bfloat16_checkpoint_runs()
    {
        LlamaModel model = (LlamaModel)ModelDirectory.Load(SharedData.PathOf("data", "models", "verl-arith-llama-bf16"), trainable: false);
        float[] logits = TinyLlama.Logits(model, new Tape(_one, recording: false), new TokenBatch(TinyLlama.Ids(12, model.Config), 12));

        Assert.Equal(12 * 16, logits.Length);
        Assert.True(NonFinite.IsAllFinite(logits));
        Assert.NotEqual(logits.Max(), logits.Min());
    }

    [Fact]
    public void Two_threads_give_the_same_bits_as_one()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Wide);
        (float[] logits, float[] gradients) = ForwardAndBackward(model, _one);
        (float[] again, float[] gradientsAgain) = ForwardAndBackward(model, _two);

        Assert.Equal(logits, again);
        Assert.Equal(gradients, gradientsAgain);
        Assert.Contains(gradients, g => g != 0);
    }

    [Fact]
    public void Recording_does_not_change_the_logits()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Wide);
        TokenBatch batch = new(TinyLlama.Ids(3 * 20, model.Config), 20);

        float[] recorded = TinyLlama.Logits(model, new Tape(_one), batch);

        Assert.Equal(recorded, TinyLlama.Logits(model, new Tape(_one, recording: false), batch));
        Assert.Equal(recorded, TinyLlama.Logits(model, new Tape(_one, recording: false) { KeepsPackedWeights = true }, batch));
        Assert.Equal(recorded, TinyLlama.Logits(model.Copy(trainable: false), new Tape(_one), batch));
    }

    [Fact]
    public void Padding_does_not_change_the_logits_of_real_tokens()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Wide);
        int[][] sequences = [.. new[] { 5, 33, 1, 12 }.Select(length => TinyLlama.Ids(length, model.Config, seed: length))];
        var batch = TokenBatch.Padded(sequences, padId: 7);

        float[] together = TinyLlama.Logits(model, new Tape(_one), batch);

        for (int i = 0; i < sequences.Length; i++)
        {
            int columns = model.Config.VocabSize, from = i * batch.Length * columns, count = sequences[i].Length * columns;
            float[] alone = TinyLlama.Logits(model, new Tape(_one), new TokenBatch(sequences[i], sequences[i].Length));
            Assert.Equal(alone, together[from..(from + count)]);
        }
    }

    [Fact]
    public void Sequences_of_any_lengths_packed_together_have_the_logits_of_each_alone()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Wide);
        int[][] sequences = [.. new[] { 5, 33, 1, 12 }.Select(length => TinyLlama.Ids(length, model.Config, seed: length))];

        float[] together = TinyLlama.Logits(model, new Tape(_one), TokenBatch.Packed(sequences));

        Assert.Equal(sequences.SelectMany(ids => TinyLlama.Logits(model, new Tape(_one), new TokenBatch(ids, ids.Length))), together);
    }

    [Fact]
    public void No_token_sees_a_later_one()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        int[] ids = TinyLlama.Ids(12, model.Config), changed = [.. ids];
        changed[7] = (ids[7] + 1) % model.Config.VocabSize;

        float[] before = TinyLlama.Logits(model, new Tape(_one), new TokenBatch(ids, 12)), after = TinyLlama.Logits(model, new Tape(_one), new TokenBatch(changed, 12));

        int seen = 7 * model.Config.VocabSize;
        Assert.Equal(before[..seen], after[..seen]);
        Assert.All(Enumerable.Range(7, 5), t => Assert.NotEqual(Row(before, t), Row(after, t)));

        float[] Row(float[] logits, int t) => logits[(t * model.Config.VocabSize)..((t + 1) * model.Config.VocabSize)];
    }

    [Fact]
    public void New_weights_have_the_deviations_that_the_config_asks_for()
    {
        LlamaConfig config = TinyLlama.Wide with { NumHiddenLayers = 8, InitializerRange = 0.03f };
        var model = LlamaModel.Initialize(config, new Rng(1, "init"));

        foreach (Parameter parameter in model.Parameters.All)
        {
            if (!parameter.IsMatrix)
            {
                Assert.All(parameter.Value.Data.ToArray(), weight => Assert.Equal(1, weight));
                continue;
            }

            bool writesResidual = parameter.Name.Contains("o_proj") || parameter.Name.Contains("down_proj");
            double expected = writesResidual ? 0.03 / 4 : 0.03, count = parameter.Value.Shape.Length;
            double mean = 0, squares = 0;
            foreach (float weight in parameter.Value.Data)
                (mean, squares) = (mean + weight / count, squares + weight * (double)weight / count);
            Assert.InRange(mean, -5 * expected / Math.Sqrt(count), 5 * expected / Math.Sqrt(count));
            Assert.InRange(Math.Sqrt(squares), expected * (1 - 4 / Math.Sqrt(count)), expected * (1 + 4 / Math.Sqrt(count)));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        float[] weights = Weights(1);

        Assert.Equal(weights, Weights(1));
        Assert.NotEqual(weights, Weights(2));

        static float[] Weights(long seed) => LlamaModel.Initialize(TinyLlama.Config, new Rng(seed, "init")).Parameters.Values.ToArray();
    }

    [Fact]
    public void A_copy_has_memory_of_its_own()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config), copy = model.Copy(trainable: false);
        float[] before = model.Parameters.Values.ToArray();

        Assert.Equal(before, copy.Parameters.Values.ToArray());
        copy.Parameters.Values.Clear();
        Assert.Equal(before, model.Parameters.Values.ToArray());
    }

    [Fact]
    public void A_longer_text_than_the_context_is_refused()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);

        var error = Assert.Throws<ArgumentException>(() =>
            TinyLlama.Logits(model, new Tape(_one), new TokenBatch(TinyLlama.Ids(33, model.Config), 33)));

        Assert.Contains("below 32", error.Message);
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    static (float[] Logits, float[] Gradients) ForwardAndBackward(LlamaModel model, Workers workers)
    {
        Tape tape = new(workers);
        model.Parameters.ZeroGradients();
        TokenBatch batch = new(TinyLlama.Ids(4 * 40, model.Config), 40);
        Tensor logits = model.Logits(tape, model.Hidden(tape, batch));
        float[] values = logits.Data.ToArray();
        tape.Backward(tape.Sum(tape.CrossEntropy(logits, TinyLlama.Ids(4 * 40, model.Config, seed: 2)), 1f / batch.Ids.Length));
        return (values, model.Parameters.Gradients.ToArray());
    }

    static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
