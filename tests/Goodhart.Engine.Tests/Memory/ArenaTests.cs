using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Goodhart.Engine.Memory;

namespace Goodhart.Engine.Tests.Memory;

public sealed class ArenaTests
{
    const int Chunk = 1 << 20;

    [Fact]
    public void Every_block_starts_on_a_cache_line_and_has_the_length_asked_for()
    {
        Arena arena = new();
        foreach (int length in (int[])[1, 15, 16, 17, 1000, Chunk - 5, 3 * Chunk + 1, 7])
        {
            Memory<float> block = arena.Take(length);
            Assert.Equal(length, block.Length);
            Assert.Equal(0, Unsafe.ByteOffset(ref Unsafe.NullRef<float>(), ref MemoryMarshal.GetReference(block.Span)) % 64);
        }
    }

    [Fact]
    public void Blocks_do_not_overlap()
    {
        Arena arena = new();
        Memory<float>[] blocks = [.. Enumerable.Range(1, 300).Select(i => arena.Take(31 * i))];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].Span.Fill(i);
        for (int i = 0; i < blocks.Length; i++)
            Assert.Equal(-1, blocks[i].Span.IndexOfAnyExcept(i));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2 * Chunk)]
    public void A_rewound_arena_hands_out_the_same_memory_again(int length)
    {
        Arena arena = new();
        Memory<float> kept = arena.Take(50);
        kept.Span.Fill(1);
        ArenaMark mark = arena.Mark();
        Memory<float> first = arena.Take(length);
        long capacity = arena.CapacityBytes;

        arena.Rewind(mark);
        Memory<float> second = arena.Take(length);

        Assert.True(first.Span == second.Span);
        Assert.Equal(-1, kept.Span.IndexOfAnyExcept(1));
        Assert.Equal(capacity, arena.CapacityBytes);
    }

    [Fact]
    public void A_reset_arena_keeps_its_memory()
    {
        Arena arena = new();
        for (int step = 0; step < 5; step++)
        {
            for (int i = 0; i < 10; i++)
                arena.Take(Chunk / 2);
            Assert.Equal(5 * Chunk * sizeof(float), arena.CapacityBytes);
            arena.Reset();
        }
    }

    [Fact]
    public void A_block_that_does_not_fit_a_kept_chunk_gets_one_of_its_own()
    {
        Arena arena = new();
        arena.Take(Chunk);
        arena.Take(Chunk);
        arena.Reset();
        arena.Take(10);

        Memory<float> large = arena.Take(2 * Chunk), after = arena.Take(Chunk);
        large.Span.Fill(1);
        after.Span.Fill(2);

        Assert.Equal(-1, large.Span.IndexOfAnyExcept(1));
        Assert.Equal(4 * Chunk * sizeof(float), arena.CapacityBytes);
    }

    [Fact]
    public void The_peak_is_the_most_that_was_in_use_at_once()
    {
        Arena arena = new();
        arena.Take(32);
        ArenaMark mark = arena.Mark();
        arena.Take(160);
        arena.Rewind(mark);
        arena.Take(16);
        Assert.Equal((32 + 160) * sizeof(float), arena.PeakBytes);

        arena.Reset();
        arena.Take(1);
        Assert.Equal((32 + 160) * sizeof(float), arena.PeakBytes);

        arena.Take(2 * Chunk);
        Assert.Equal((16 + 2 * Chunk) * sizeof(float), arena.PeakBytes);
    }
}
