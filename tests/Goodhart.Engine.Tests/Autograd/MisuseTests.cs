using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Autograd;

/// <summary>A wrong call is told op, argument, rule and what was got.</summary>
public sealed class MisuseTests : IDisposable
{
    readonly Workers _workers = new(1);
    readonly Tape _tape;

    public MisuseTests() => _tape = new Tape(_workers);

    [Fact]
    public void A_wrong_shape_names_the_op_the_argument_and_both_shapes()
    {
        AssertMessage("RmsNorm: weight should have shape [1, 8], got [1, 4].", () => _tape.RmsNorm(New(2, 8), New(1, 4), 1e-5f));
        AssertMessage("RmsNorm: x should have 3 equal parts, got [2, 8].", () => _tape.RmsNorm(New(2, 8), New(1, 2), 1e-5f, heads: 3));
        AssertMessage("LayerNorm: bias should have shape [1, 8], got [1, 4].", () => _tape.LayerNorm(New(2, 8), New(1, 8), New(1, 4), 1e-5f));
        AssertMessage("AddBias: bias should have shape [1, 3], got [1, 8].", () => _tape.Linear(New(2, 8), New(3, 8), New(1, 8)));
        AssertMessage("Multiply: b should have shape [2, 8], got [2, 4].", () => _tape.Multiply(New(2, 8), New(2, 4)));
        AssertMessage("Linear: weight should have shape [out, 8], got [3, 4].", () => _tape.Linear(New(2, 8), New(3, 4)));
        AssertMessage("SwiGlu: up should have shape [2, 8], got [2, 4].", () => _tape.SwiGlu(New(2, 8), New(2, 4)));
        AssertMessage("Add: b should have shape [2, 8], got [1, 8].", () => _tape.Add(New(2, 8), New(1, 8)));
        AssertMessage("Sum: each term should have shape [1, 1], got [2, 1].", () => _tape.Sum([(New(1, 1), 1), (New(2, 1), 1)]));
        AssertMessage("Backward: loss should have shape [1, 1], got [2, 1].", () => _tape.Backward(New(2, 1)));
        AssertMessage("ForwardKl: teacher should have shape [2, 8], got [2, 9].", () => _tape.ForwardKl(New(2, 8), New(2, 9)));
        AssertMessage("ReverseKl: teacher should have shape [2, 8], got [2, 9].", () => _tape.ReverseKl(New(2, 8), New(2, 9)));
        AssertMessage("JensenShannon: teacher should have shape [2, 8], got [2, 9].", () => _tape.JensenShannon(New(2, 8), New(2, 9)));
    }

    [Fact]
    public void A_projection_that_does_not_fit_is_named()
    {
        Projection student = new(New(2, 8), New(5, 8));
        AssertMessage("ForwardKl: student's hidden state and head should be of one width, got [2, 8] and [5, 4].",
            () => _tape.ForwardKl(new Projection(New(2, 8), New(5, 4)), student, 1));
        AssertMessage("ReverseKl: teacher should give logits of shape [2, 5], got [2, 6].", () => _tape.ReverseKl(student, new(New(2, 3), New(6, 3)), 1));
        AssertMessage("JensenShannon: beta should be from 0 to 1, got 2.", () => _tape.JensenShannon(student, student, 1, beta: 2));
        AssertMessage("ForwardKl: temperature should be above 0, got 0.", () => _tape.ForwardKl(student, student, 1, temperature: 0));
        AssertMessage("CrossEntropy: targets should be below 5, got 5.", () => _tape.CrossEntropy(student, new[] { 0, 5 }, 1));
        AssertMessage("CrossEntropy: there should be 2 targets, got 3.", () => _tape.CrossEntropy(student, new[] { 0, 1, 2 }, 1));
    }

    [Fact]
    public void The_loss_of_a_projection_says_that_its_weight_is_its_own()
    {
        ParameterSet head = new([("head", [5, 8])], trainable: true);
        Tensor loss = _tape.CrossEntropy(new Projection(New(2, 8), head["head"]), new[] { 0, 1 }, 1);
        AssertMessage("Backward: the loss of a projection should be summed with weight 1, got 0.5; give the weight to the loss.",
            () => _tape.Backward(_tape.Sum([(loss, 0.5f)])));
    }

    [Fact]
    public void Attention_names_the_argument_that_does_not_fit_the_heads()
    {
        AssertMessage("CausalAttention: k should have shape [6, 4], got [6, 8].", () => _tape.CausalAttention(New(6, 8), New(6, 8), New(6, 4), 3, 4, 2));
        AssertMessage("CausalAttention: v should have shape [6, 4], got [3, 4].", () => _tape.CausalAttention(New(6, 8), New(6, 4), New(3, 4), 3, 4, 2));
        AssertMessage("CausalAttention: q should have shape [6, 8], got [6, 9].", () => _tape.CausalAttention(New(6, 9), New(6, 4), New(6, 4), 3, 4, 2));
        AssertMessage("CausalAttention: rows should be a multiple of time 4, got [6, 8].", () => _tape.CausalAttention(New(6, 8), New(6, 4), New(6, 4), 4, 4, 2));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(0, 2)]
    [InlineData(4, 0)]
    [InlineData(4, -2)]
    public void Attention_refuses_heads_that_do_not_share_key_heads_evenly(int heads, int keyHeads) => AssertMessage(
        $"CausalAttention: heads should be a positive multiple of keyHeads, got {heads} and {keyHeads}.",
        () => _tape.CausalAttention(New(6, 8), New(6, 6), New(6, 6), 3, heads, keyHeads));

    [Fact]
    public void An_id_outside_its_table_is_named()
    {
        AssertMessage("Embedding: ids should be below 5, got 5.", () => _tape.Embedding(New(5, 2), new[] { 0, 5 }));
        AssertMessage("Embedding: ids should be below 5, got -1.", () => _tape.Embedding(New(5, 2), new[] { -1 }));
        AssertMessage("CrossEntropy: targets should be below 5, got 7.", () => _tape.CrossEntropy(New(2, 5), new[] { 7, 0 }));
        AssertMessage("CrossEntropy: there should be 2 targets, got 1.", () => _tape.CrossEntropy(New(2, 5), new[] { 0 }));
    }

    [Fact]
    public void Rope_names_the_head_size_and_the_position()
    {
        RopeTable table = new(positions: 10, headSize: 4, theta: 10000);

        AssertMessage("Rope: columns should be a multiple of 4, got [2, 6].", () => _tape.Rope(New(2, 6), table, new[] { 0, 1 }));
        AssertMessage("Rope: there should be 2 positions, got 3.", () => _tape.Rope(New(2, 8), table, new[] { 0, 1, 2 }));
        AssertMessage("Rope: positions should be below 10, got 10.", () => _tape.Rope(New(2, 8), table, new[] { 0, 10 }));
        AssertMessage("RopeTable: headSize should be even, got 3.", () => _ = new RopeTable(10, headSize: 3, theta: 10000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(float.NaN)]
    public void A_temperature_that_is_not_positive_is_refused(float temperature) =>
        AssertMessage($"ForwardKl: temperature should be above 0, got {temperature}.", () => _tape.ForwardKl(New(2, 5), New(2, 5), temperature));

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void A_beta_outside_its_range_is_refused(float beta) =>
        AssertMessage($"JensenShannon: beta should be from 0 to 1, got {beta}.", () => _tape.JensenShannon(New(2, 5), New(2, 5), beta));

    [Fact]
    public void A_teacher_that_is_trained_too_is_refused()
    {
        Tensor trained = new ParameterSet([("z", [2, 5])], trainable: true)["z"];

        AssertMessage("ReverseKl: the teacher's logits should be a constant; its gradient is not computed.", () => _tape.ReverseKl(New(2, 5), trained));
    }

    [Fact]
    public void A_sum_of_nothing_and_a_loss_of_nothing_trained_are_refused()
    {
        AssertMessage("Sum: there should be at least one term.", () => _tape.Sum([]));
        AssertMessage("Backward: the loss does not depend on anything that is trained.", () => _tape.Backward(_tape.Sum(New(2, 2))));
    }

    public void Dispose() => _workers.Dispose();

    static Tensor New(int rows, int columns) => Tensor.Constant(new float[rows * columns], new Shape(rows, columns));

    static void AssertMessage(string expected, Action misuse) => Assert.Equal(expected, Assert.Throws<ArgumentException>(misuse).Message);
}
