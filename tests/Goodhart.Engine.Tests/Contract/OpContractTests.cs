using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Contract;

/// <summary>What every op promises, at every shape that its reference lists.</summary>
public sealed class OpContractTests(OpContractTests.Tapes tapes) : IClassFixture<OpContractTests.Tapes>
{
    public static TheoryData<string> Cases => [.. OpCases.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_matches_the_reference(string name)
    {
        OpRun run = new(OpCases.Named(name), tapes.OneThread);

        double[] expected = run.Expected();
        Assert.Equal(expected.Length, run.Output.Length);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(run.Output[i] - expected[i]) <= 1e-5 * largest + 1e-6))
                Assert.Fail($"{name}: element {i} should be {expected[i]}, got {run.Output[i]}.");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_match_finite_differences(string name)
    {
        OpCase op = OpCases.Named(name);
        OpRun run = new(op, tapes.OneThread);

        foreach (OpInput input in op.Inputs.Where(input => !input.IsConstant))
        {
            float[] gradient = run.GradientOf(input);
            double largest = gradient.Max(Math.Abs);
            foreach (int i in new Rng(3, name).Permutation(input.Shape.Length).Take(Differentiated(input.Shape.Length)))
            {
                double slope = run.Slope(input, i);
                if (!(Math.Abs(gradient[i] - slope) <= 1e-3 * Math.Abs(slope) + 1e-4 * largest + 1e-6))
                    Assert.Fail($"{name}: d{input.Name}[{i}] should be {slope}, got {gradient[i]}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Two_threads_give_the_bits_of_one(string name)
    {
        OpCase op = OpCases.Named(name);
        OpRun one = new(op, tapes.OneThread), two = new(op, tapes.TwoThreads);

        Assert.Equal(one.Output, two.Output);
        foreach (OpInput input in op.Inputs)
            Assert.Equal(one.GradientOf(input), two.GradientOf(input));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_second_backward_pass_adds_to_the_gradients(string name)
    {
        OpCase op = OpCases.Named(name);
        OpRun once = new(op, tapes.OneThread), twice = new(op, tapes.OneThread, times: 2);

        foreach (OpInput input in op.Inputs)
            AssertClose(Array.ConvertAll(once.GradientOf(input), g => 2 * g), twice.GradientOf(input), $"{name}: d{input.Name}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_frozen_input_gets_no_gradient_and_the_others_stay_right(string name)
    {
        OpCase op = OpCases.Named(name);
        OpRun all = new(op, tapes.OneThread);

        foreach (OpInput frozen in op.Inputs)
        {
            OpRun rest = new(op, tapes.OneThread, frozen: input => input == frozen);
            Assert.Empty(rest.GradientOf(frozen));
            foreach (OpInput input in op.Inputs.Where(input => input != frozen))
                AssertClose(all.GradientOf(input), rest.GradientOf(input), $"{name} with {frozen.Name} frozen: d{input.Name}");
        }

        Assert.False(new OpRun(op, tapes.OneThread, frozen: _ => true).HasGradient);
    }

    /// <summary>Elements of an input that are differentiated numerically: all of a small one, a few of one so large that each costs much.</summary>
    static int Differentiated(int length) => length > 1000 ? 8 : 40;

    static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= 1e-6f * largest + 1e-8f))
                Assert.Fail($"{what}[{i}] should be {expected[i]}, got {actual[i]}.");
        }
    }

    /// <summary>Tapes of the whole class: threads that another class used at the same time would not share the work.</summary>
    public sealed class Tapes : IDisposable
    {
        readonly Workers _one = new(1), _two = new(2);

        public Tapes() => (OneThread, TwoThreads) = (new Tape(_one), new Tape(_two));

        public Tape OneThread { get; }

        public Tape TwoThreads { get; }

        public void Dispose()
        {
            _one.Dispose();
            _two.Dispose();
        }
    }
}
