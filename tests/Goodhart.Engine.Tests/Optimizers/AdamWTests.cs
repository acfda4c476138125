using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Optimizers;

public sealed class AdamWTests
{
    static readonly AdamWOptions Options = new() { Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-6f, WeightDecay = 0.1f };

    [Fact]
    public void Twenty_steps_match_a_plain_loop_in_double()
    {
        ParameterSet parameters = Parameters();
        using Workers workers = new(1);
        AdamW optimizer = new(parameters, workers, Options);
        PlainAdamW[] plain = [.. parameters.All.Select(p => new PlainAdamW(p.Value.Data.ToArray(), decay: p.IsMatrix ? 0.1 : 0))];

        for (int step = 1; step <= 20; step++)
        {
            float learningRate = 0.01f * step;
            FillGradients(parameters, step);
            optimizer.Step(learningRate);
            for (int i = 0; i < plain.Length; i++)
                plain[i].Step(parameters.All[i].Value.Gradient.ToArray(), learningRate);
        }

        Assert.Equal(20, optimizer.Steps);
        for (int i = 0; i < plain.Length; i++)
        {
            float[] actual = parameters.All[i].Value.Data.ToArray();
            for (int j = 0; j < actual.Length; j++)
                Assert.Equal(plain[i].Weights[j], actual[j], 1e-5);
        }
    }

    [Fact]
    public void Only_matrices_are_decayed()
    {
        ParameterSet parameters = Parameters();
        float[] before = parameters.Values.ToArray();
        using Workers workers = new(1);

        new AdamW(parameters, workers, Options).Step(learningRate: 0.5f);

        Assert.Equal(before.Select(w => w * (1 - 0.5f * 0.1f)).Take(15), parameters["matrix"].Data.ToArray());
        Assert.Equal(before[16..23], parameters["vector"].Data.ToArray());
    }

    [Fact]
    public void The_first_step_has_the_size_of_the_learning_rate_whatever_the_gradient()
    {
        ParameterSet parameters = Parameters();
        parameters.Values.Clear();
        parameters["matrix"].Gradient.Span.Fill(1e-3f);
        parameters["vector"].Gradient.Span.Fill(-1e3f);
        using Workers workers = new(1);

        new AdamW(parameters, workers).Step(learningRate: 0.25f);

        Assert.All(parameters["matrix"].Data.ToArray(), w => Assert.Equal(-0.25, w, 1e-5));
        Assert.All(parameters["vector"].Data.ToArray(), w => Assert.Equal(0.25, w, 1e-5));
    }

    [Fact]
    public void Two_threads_give_the_bits_of_one()
    {
        Assert.Equal(Trained(threads: 1), Trained(threads: 2));

        static float[] Trained(int threads)
        {
            ParameterSet parameters = new([("large", [500, 401])], trainable: true);
            using Workers workers = new(threads);
            AdamW optimizer = new(parameters, workers, Options);
            for (int step = 1; step <= 3; step++)
            {
                FillGradients(parameters, step);
                optimizer.Step(0.01f);
            }

            return parameters.Values.ToArray();
        }
    }

    [Fact]
    public void Gradients_and_the_gaps_between_weights_are_left_alone()
    {
        ParameterSet parameters = Parameters();
        FillGradients(parameters, 1);
        float[] gradients = parameters.Gradients.ToArray();
        using Workers workers = new(1);

        new AdamW(parameters, workers, Options).Step(0.1f);

        Assert.Equal(gradients, parameters.Gradients.ToArray());
        Assert.Equal(0, parameters.Values[15]);
    }

    [Fact]
    public void Frozen_weights_are_refused()
    {
        using Workers workers = new(1);
        ArgumentException e = Assert.Throws<ArgumentException>(() => new AdamW(new ParameterSet([("w", [2])], trainable: false), workers));

        Assert.Equal("AdamW: the parameters are frozen.", e.Message);
    }

    /// <summary>A matrix of 15 numbers, a gap of one, and a vector of 7.</summary>
    static ParameterSet Parameters()
    {
        ParameterSet parameters = new([("matrix", [3, 5]), ("vector", [7])], trainable: true);
        Rng rng = new(1, "weights");
        foreach (Parameter parameter in parameters.All)
        {
            foreach (ref float value in parameter.Value.Data)
                value = (float)rng.NextGaussian();
        }

        return parameters;
    }

    static void FillGradients(ParameterSet parameters, int step)
    {
        Rng rng = new(1, "gradients", step);
        foreach (Parameter parameter in parameters.All)
        {
            foreach (ref float value in parameter.Value.Gradient.Span)
                value = (float)rng.NextGaussian();
        }
    }

    /// <summary>Algorithm 2 of Loshchilov and Hutter 2019, term by term.</summary>
    sealed class PlainAdamW(float[] weights, double decay)
    {
        readonly double[] _m = new double[weights.Length], _v = new double[weights.Length];
        int _t;

        public double[] Weights { get; } = Array.ConvertAll(weights, w => (double)w);

        public void Step(float[] gradient, double learningRate)
        {
            _t++;
            for (int i = 0; i < Weights.Length; i++)
            {
                double g = gradient[i];
                _m[i] = 0.8 * _m[i] + 0.2 * g;
                _v[i] = 0.95 * _v[i] + 0.05 * g * g;
                double m = _m[i] / (1 - Math.Pow(0.8, _t)), v = _v[i] / (1 - Math.Pow(0.95, _t));
                Weights[i] -= learningRate * (m / (Math.Sqrt(v) + 1e-6) + decay * Weights[i]);
            }
        }
    }
}
