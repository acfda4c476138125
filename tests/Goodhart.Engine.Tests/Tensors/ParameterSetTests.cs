using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Tests.Tensors;

public sealed class ParameterSetTests
{
    [Fact]
    public void Weights_keep_their_order_names_and_shapes()
    {
        ParameterSet set = Set();

        Assert.Equal(["embed.weight", "norm.weight", "proj.weight"], set.All.Select(p => p.Name));
        Assert.Equal([new Shape(5, 3), new Shape(1, 3), new Shape(3, 4)], set.All.Select(p => p.Value.Shape));
        Assert.Equal([true, false, true], set.All.Select(p => p.IsMatrix));
        Assert.Equal(15 + 3 + 12, set.Count);
        Assert.Same(set.All[1].Value, set["norm.weight"]);
    }

    [Fact]
    public void A_vector_and_a_matrix_of_one_row_differ()
    {
        ParameterSet set = new([("vector", [4]), ("matrix", [1, 4])], trainable: true);

        Assert.Equal(set["vector"].Shape, set["matrix"].Shape);
        Assert.Equal([false, true], set.All.Select(p => p.IsMatrix));
    }

    [Fact]
    public void Weights_and_gradients_are_windows_on_one_block_each()
    {
        ParameterSet set = Set();
        foreach (Parameter parameter in set.All)
        {
            parameter.Value.Data.Fill(2);
            parameter.Value.Gradient.Span.Fill(3);
        }

        Assert.Equal(set.Count, set.Values.Count(2f));
        Assert.Equal(set.Count, set.Gradients.Count(3f));
        Assert.Equal(set.Values.Length - set.Count, set.Values.Count(0f));

        set.ZeroGradients();
        Assert.Equal(-1, set["proj.weight"].Gradient.Span.IndexOfAnyExcept(0));
    }

    [Fact]
    public void A_frozen_set_has_no_gradients()
    {
        ParameterSet set = new([("w", [2, 3])], trainable: false);

        Assert.False(set.IsTrainable);
        Assert.False(set["w"].RequiresGradient);
        Assert.True(set.Gradients.IsEmpty);
        Assert.Null(set.FirstNonFiniteGradient());
    }

    [Fact]
    public void A_copy_holds_the_same_weights_and_then_goes_its_own_way()
    {
        ParameterSet original = Set(), copy = Set();
        original["norm.weight"].Data.Fill(2);

        copy.CopyFrom(original);
        original["norm.weight"].Data.Fill(3);

        Assert.Equal([2, 2, 2], copy["norm.weight"].Data.ToArray());
    }

    [Fact]
    public void The_first_weight_that_is_not_finite_is_named()
    {
        ParameterSet set = Set();
        Assert.Null(set.FirstNonFinite());
        Assert.Null(set.FirstNonFiniteGradient());

        set["proj.weight"].Data[3] = float.NaN;
        set["norm.weight"].Data[2] = float.NegativeInfinity;
        set["proj.weight"].Gradient.Span[11] = float.NaN;

        Assert.Equal("norm.weight", set.FirstNonFinite());
        Assert.Equal("proj.weight", set.FirstNonFiniteGradient());
    }

    [Fact]
    public void Misuse_is_said_in_words()
    {
        Assert.Equal("ParameterSet: no parameter is called 'bias'.", Message(() => _ = Set()["bias"]));
        Assert.Equal("ParameterSet: 'w' is declared twice.", Message(() => _ = new ParameterSet([("w", [2]), ("w", [3])], trainable: true)));
        Assert.Equal("ParameterSet: 'w' should have one or two dimensions, got 3.", Message(() => _ = new ParameterSet([("w", [2, 3, 4])], trainable: true)));
        Assert.Equal("ParameterSet: CopyFrom needs a set of the same layout.", Message(() => Set().CopyFrom(new ParameterSet([("w", [2])], trainable: true))));

        static string Message(Action misuse) => Assert.Throws<ArgumentException>(misuse).Message;
    }

    static ParameterSet Set() => new([("embed.weight", [5, 3]), ("norm.weight", [3]), ("proj.weight", [3, 4])], trainable: true);
}
