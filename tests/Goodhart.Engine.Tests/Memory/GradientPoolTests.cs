using Goodhart.Engine.Memory;

namespace Goodhart.Engine.Tests.Memory;

public sealed class GradientPoolTests
{
    [Fact]
    public void A_block_lent_again_is_zero_again()
    {
        GradientPool pool = new();
        Memory<float> first = pool.Rent(40);
        Assert.Equal(-1, first.Span.IndexOfAnyExcept(0));
        first.Span.Fill(7);
        pool.Return(first);

        Memory<float> second = pool.Rent(40);

        Assert.True(first.Span == second.Span);
        Assert.Equal(-1, second.Span.IndexOfAnyExcept(0));
    }

    [Fact]
    public void A_block_that_was_lent_short_is_zero_to_its_end()
    {
        GradientPool pool = new();
        Memory<float> full = pool.Rent(48);
        full.Span.Fill(7);
        pool.Return(full);
        pool.Return(pool.Rent(33));

        Memory<float> again = pool.Rent(48);

        Assert.Equal(48, again.Length);
        Assert.Equal(-1, again.Span.IndexOfAnyExcept(0));
    }

    [Fact]
    public void Blocks_lent_at_the_same_time_are_different()
    {
        GradientPool pool = new();
        Memory<float> a = pool.Rent(20), b = pool.Rent(20);
        a.Span.Fill(1);

        Assert.Equal(-1, b.Span.IndexOfAnyExcept(0));
    }

    [Fact]
    public void Memory_grows_with_what_is_lent_at_once_and_not_with_how_often()
    {
        GradientPool pool = new();
        for (int i = 0; i < 100; i++)
        {
            Memory<float> a = pool.Rent(10), b = pool.Rent(16);
            pool.Return(a);
            pool.Return(b);
        }

        Assert.Equal(2 * 16 * sizeof(float), pool.CapacityBytes);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_different_lengths()
    {
        GradientPool pool = new();
        for (int rows = 2000; rows > 1000; rows--)
        {
            Memory<float> wide = pool.Rent(3 * rows), narrow = pool.Rent(rows);
            pool.Return(wide);
            pool.Return(narrow);
        }

        Assert.Equal(4 * 2000 * sizeof(float), pool.CapacityBytes);
    }
}
