namespace Goodhart.Engine.Tests.Autograd;

public sealed class CrossEntropyTests
{
    [Fact]
    public void A_worked_example_comes_out() => Assert.Equal(2.09245900, Run([1, 0.5f, -0.5f, 0, 2], target: 1).Loss[0], 1e-6);

    [Fact]
    public void The_gradient_is_softmax_minus_one_at_the_target()
    {
        LossRun run = Run([1, 0.5f, -0.5f, 0, 2], target: 1);

        double[] expected = [0.20342477, 0.12338336 - 1, 0.04539020, 0.07483579, 0.55296587];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], run.Gradient[i], 1e-6);
    }

    [Fact]
    public void Is_never_negative_and_at_most_small_for_a_certain_student()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            float[] logits = Logits.Random(seed, 1 + 5 * seed, scale: 5);
            Assert.InRange(Run(logits, target: 0).Loss[0], 0, float.MaxValue);
            logits[0] = 200;
            Assert.Equal(0, Run(logits, target: 0).Loss[0]);
        }
    }

    [Fact]
    public void A_constant_added_to_all_logits_changes_nothing()
    {
        float[] logits = [1, 0.5f, -0.5f, 0, 2];
        LossRun plain = Run(logits, target: 3), moved = Run(Array.ConvertAll(logits, z => z - 16), target: 3);

        Assert.Equal(plain.Loss[0], moved.Loss[0], 1e-5);
        for (int i = 0; i < logits.Length; i++)
            Assert.Equal(plain.Gradient[i], moved.Gradient[i], 1e-5);
    }

    [Fact]
    public void Huge_and_forbidden_logits_give_finite_numbers()
    {
        AssertLoss(2e4f, Run([1e4f, -1e4f, 0], target: 1));
        AssertLoss(0, Run([1e4f, -1e4f, 0], target: 0));
        AssertLoss(0, Run([3, float.NegativeInfinity, float.NegativeInfinity], target: 0));

        static void AssertLoss(float expected, LossRun run)
        {
            Assert.Equal(expected, run.Loss[0]);
            Assert.All(run.Gradient, g => Assert.True(float.IsFinite(g)));
        }
    }

    [Fact]
    public void A_row_without_upstream_gradient_gets_none_even_if_its_logits_are_broken()
    {
        float[] logits = Logits.Random(1, 3 * 20, scale: 1);
        Array.Fill(logits, float.NaN, 20, 20);

        LossRun run = LossRun.Of((tape, z) => tape.CrossEntropy(z, new[] { 1, 2, 3 }), logits, rows: 3, countedRows: [0, 2]);

        Assert.All(run.Gradient[20..40], g => Assert.Equal(0, g));
        Assert.All(run.Gradient[40..], g => Assert.True(float.IsFinite(g) && g != 0));
    }

    static LossRun Run(float[] logits, int target) => LossRun.Of((tape, z) => tape.CrossEntropy(z, new[] { target }), logits);
}
