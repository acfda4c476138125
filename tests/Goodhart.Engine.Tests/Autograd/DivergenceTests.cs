using Goodhart.Engine.Tests.Reference;

namespace Goodhart.Engine.Tests.Autograd;

/// <summary>What makes a number a distance between next-token distributions, for each divergence.</summary>
public sealed class DivergenceTests
{
    static readonly Dictionary<string, DivergenceCases.OpOnTape> Divergences = new()
    {
        ["ForwardKl"] = (tape, student, teacher, temperature) => tape.ForwardKl(student, teacher, temperature),
        ["ReverseKl"] = (tape, student, teacher, temperature) => tape.ReverseKl(student, teacher, temperature),
        ["JensenShannon(0.1)"] = JensenShannon(0.1f),
        ["JensenShannon(0.5)"] = JensenShannon(0.5f),
        ["JensenShannon(0.9)"] = JensenShannon(0.9f),
    };

    public static TheoryData<string> All => [.. Divergences.Keys];

    [Theory]
    [InlineData("ForwardKl", 0.23865499)]
    [InlineData("ReverseKl", 0.24093991)]
    [InlineData("JensenShannon(0.5)", 0.05836760)]
    public void A_worked_example_comes_out(string name, double expected)
    {
        LossRun run = Run(name, student: [1, 0.5f, -0.5f, 0, 2], teacher: [2, 1, 0, -1, 1.5f]);

        Assert.Equal(expected, run.Loss[0], 1e-7);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Equal_distributions_are_exactly_zero_apart_and_have_no_gradient(string name)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            float[] logits = Logits.Random(seed, 1 + 5 * seed, scale: 10);
            foreach (float temperature in (float[])[1, 2, 0.3f])
            {
                LossRun run = Run(name, logits, logits, temperature);
                Assert.Equal(0, run.Loss[0]);
                Assert.All(run.Gradient, g => Assert.Equal(0, g));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_distance_is_negative(string name)
    {
        for (int seed = 0; seed < 25; seed++)
        {
            float[] teacher = Logits.Random(seed, 1 + 31 * seed, scale: 5), noise = Logits.Random(seed + 1000, teacher.Length, scale: 1);
            foreach (float size in (float[])[0, 1e-5f, 1e-3f, 1])
            {
                foreach (float shift in (float[])[0, 0.37f, -60])
                {
                    LossRun run = Run(name, [.. teacher.Zip(noise, (z, n) => z + size * n + shift)], teacher);
                    Assert.InRange(run.Loss[0], -1e-6f, float.MaxValue);
                }
            }
        }
    }

    [Theory]
    [InlineData("ForwardKl")]
    [InlineData("ReverseKl")]
    public void A_tiny_distance_is_right_to_eight_places(string name)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            float[] teacher = Logits.Random(seed, 500, scale: 2), noise = Logits.Random(seed + 1000, 500, scale: 1e-3);
            float[] student = [.. teacher.Zip(noise, (z, n) => z + n)];
            double[] logP = Softmax.Log(teacher.Select(z => (double)z)), logQ = Softmax.Log(student.Select(z => (double)z));
            double expected = name == "ForwardKl" ? ForwardKlReference.Of(logP, logQ) : ForwardKlReference.Of(logQ, logP);

            Assert.Equal(expected, Run(name, student, teacher).Loss[0], 3e-8);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_constant_added_to_all_logits_changes_nothing(string name)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            // On a grid, so that adding the constant is exact.
            float[] student = Array.ConvertAll(Logits.Random(seed, 40, scale: 3), OnGrid);
            float[] teacher = Array.ConvertAll(Logits.Random(seed + 1000, 40, scale: 3), OnGrid);
            LossRun plain = Run(name, student, teacher);
            LossRun moved = Run(name, Array.ConvertAll(student, z => z + 16), Array.ConvertAll(teacher, z => z - 8));

            Assert.Equal(plain.Loss[0], moved.Loss[0], 1e-5 * (1 + plain.Loss[0]));
            for (int i = 0; i < student.Length; i++)
                Assert.Equal(plain.Gradient[i], moved.Gradient[i], 1e-5 * (1 + plain.Loss[0]));
        }

        static float OnGrid(float z) => MathF.Round(z * 1024) / 1024;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_gradient_adds_up_to_zero(string name)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            LossRun run = Run(name, Logits.Random(seed, 100, scale: 3), Logits.Random(seed + 1000, 100, scale: 3));
            Assert.Equal(0, run.Gradient.Sum(), 1e-5 * run.Gradient.Sum(Math.Abs));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Temperature_divides_logits_and_its_square_multiplies_the_value(string name)
    {
        float[] student = Logits.Random(1, 40, scale: 3), teacher = Logits.Random(2, 40, scale: 3);
        LossRun warm = Run(name, student, teacher, temperature: 4);
        LossRun divided = Run(name, Array.ConvertAll(student, z => z / 4), Array.ConvertAll(teacher, z => z / 4));

        Assert.Equal(16 * divided.Loss[0], warm.Loss[0], 1e-5 * warm.Loss[0]);
        for (int i = 0; i < student.Length; i++)
            Assert.Equal(4 * divided.Gradient[i], warm.Gradient[i], 1e-6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Huge_and_forbidden_logits_give_finite_numbers(string name)
    {
        const float Forbidden = float.NegativeInfinity;
        float[][] rows =
        [
            [1e4f, -1e4f, 0, 1, 2, 3, 4, 5, 6],
            [-1e4f, 1e4f, 0, 1, 2, 3, 4, 5, 6],
            [-1e4f, -1e4f, -1e4f, -1e4f, -1e4f, -1e4f, -1e4f, -1e4f, -1e4f],
            [0, Forbidden, 1, Forbidden, 2, 3, 4, 5, Forbidden],
            [Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden, 7],
        ];
        foreach (float[] student in rows)
        {
            foreach (float[] teacher in rows)
            {
                LossRun run = Run(name, student, teacher);
                Assert.True(float.IsFinite(run.Loss[0]) && run.Loss[0] >= 0, $"[{string.Join(' ', student)}] to [{string.Join(' ', teacher)}]: loss {run.Loss[0]}.");
                Assert.All(run.Gradient, g => Assert.True(float.IsFinite(g)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_token_forbidden_on_both_sides_counts_as_absent(string name)
    {
        const float Forbidden = float.NegativeInfinity;
        LossRun with = Run(name, [1, Forbidden, 2, 0, Forbidden], [0, Forbidden, 1, 3, Forbidden]), without = Run(name, [1, 2, 0], [0, 1, 3]);

        Assert.Equal(without.Loss[0], with.Loss[0], 1e-6);
        Assert.Equal(0, with.Gradient[1]);
        Assert.Equal(0, with.Gradient[4]);
        Assert.Equal(without.Gradient[1], with.Gradient[2], 1e-6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_nan_in_either_side_shows_in_the_loss(string name)
    {
        float[] good = Logits.Random(1, 20, scale: 1), bad = [.. good];
        bad[13] = float.NaN;

        Assert.True(float.IsNaN(Run(name, bad, good).Loss[0]));
        Assert.True(float.IsNaN(Run(name, good, bad).Loss[0]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_row_without_upstream_gradient_gets_none_even_if_its_logits_are_broken(string name)
    {
        float[] teacher = Logits.Random(1, 3 * 20, scale: 1), student = Logits.Random(2, 3 * 20, scale: 1);
        Array.Fill(student, float.NaN, 20, 20);

        LossRun run = LossRun.Of((tape, z) => Divergences[name](tape, z, Logits.Constant(teacher, rows: 3), 1), student, rows: 3, countedRows: [0, 2]);

        Assert.All(run.Gradient[20..40], g => Assert.Equal(0, g));
        Assert.All(run.Gradient[..20], g => Assert.True(float.IsFinite(g) && g != 0));
    }

    [Theory]
    [InlineData(0, "ForwardKl")]
    [InlineData(1, "ReverseKl")]
    public void Jensen_shannon_at_its_ends_is_the_kl_of_that_side(float beta, string end)
    {
        float[] student = Logits.Random(1, 40, scale: 3), teacher = Logits.Random(2, 40, scale: 3);
        LossRun jsd = Run(JensenShannon(beta), student, teacher, 1), kl = Run(end, student, teacher);

        Assert.Equal(kl.Loss, jsd.Loss);
        Assert.Equal(kl.Gradient, jsd.Gradient);
    }

    [Fact]
    public void Jensen_shannon_near_its_ends_is_beta_times_the_kl_of_that_side()
    {
        const float Near = 1e-4f;
        for (int seed = 0; seed < 20; seed++)
        {
            float[] student = Logits.Random(seed, 40, scale: 1), teacher = Logits.Random(seed + 1000, 40, scale: 1);
            double forward = Run("ForwardKl", student, teacher).Loss[0], reverse = Run("ReverseKl", student, teacher).Loss[0];

            Assert.Equal(forward, Run(JensenShannon(Near), student, teacher, 1).Loss[0] / Near, 0.01 * forward);
            Assert.Equal(reverse, Run(JensenShannon(1 - Near), student, teacher, 1).Loss[0] / Near, 0.01 * reverse);
        }
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.25f)]
    public void Jensen_shannon_with_the_sides_swapped_is_that_of_the_rest_of_beta(float beta)
    {
        float[] student = Logits.Random(1, 40, scale: 3), teacher = Logits.Random(2, 40, scale: 3);

        Assert.Equal(Run(JensenShannon(beta), student, teacher, 1).Loss[0], Run(JensenShannon(1 - beta), teacher, student, 1).Loss[0], 1e-6);
    }

    [Fact]
    public void Jensen_shannon_is_at_most_log_two()
    {
        LossRun run = Run("JensenShannon(0.5)", [1e4f, 0], [0, 1e4f]);

        Assert.Equal(Math.Log(2), run.Loss[0], 1e-6);
    }

    [Fact]
    public void Forward_kl_to_a_certain_teacher_is_cross_entropy()
    {
        float[] student = Logits.Random(1, 20, scale: 2), teacher = new float[20];
        Array.Fill(teacher, float.NegativeInfinity);
        teacher[11] = 0;

        LossRun kl = Run("ForwardKl", student, teacher), crossEntropy = LossRun.Of((tape, z) => tape.CrossEntropy(z, new[] { 11 }), student);

        Assert.Equal(crossEntropy.Loss[0], kl.Loss[0], 1e-5);
        for (int i = 0; i < student.Length; i++)
            Assert.Equal(crossEntropy.Gradient[i], kl.Gradient[i], 1e-6);
    }

    static DivergenceCases.OpOnTape JensenShannon(float beta) =>
        (tape, student, teacher, temperature) => tape.JensenShannon(student, teacher, beta, temperature);

    static LossRun Run(string name, float[] student, float[] teacher, float temperature = 1) => Run(Divergences[name], student, teacher, temperature);

    static LossRun Run(DivergenceCases.OpOnTape divergence, float[] student, float[] teacher, float temperature) =>
        LossRun.Of((tape, z) => divergence(tape, z, Logits.Constant(teacher), temperature), student);
}
