using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Rows_are_windows_on_the_data()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        Tensor tensor = Tensor.Constant(values, new Shape(3, 2));
        tensor.Row(1)[0] = 30;

        Assert.Equal([1, 2, 30, 4, 5, 6], values);
        Assert.Equal([30, 4, 5, 6], tensor.Rows(1, 2).ToArray());
        Assert.False(tensor.RequiresGradient);
        Assert.Equal("Tensor [3, 2]", tensor.ToString());
    }

    [Fact]
    public void Values_that_do_not_fill_the_shape_are_refused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Tensor.Constant(new float[5], new Shape(3, 2)));

        Assert.Equal("Tensor: 5 values cannot have shape [3, 2].", e.Message);
    }

    [Fact]
    public void A_shape_too_large_for_memory_is_an_error_and_not_a_small_number() =>
        Assert.Throws<OverflowException>(() => new Shape(1 << 20, 1 << 20).Length);
}
