using System.Diagnostics;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Threading;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_runs_once_in_a_slot_of_its_own_thread(int threads)
    {
        using Workers workers = new(threads);
        foreach (int items in (int[])[0, 1, 2, 3, 1000])
        {
            int[] runs = new int[items];
            int[] busy = new int[threads];
            workers.Run(items, (item, slot) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref busy[slot]));
                Interlocked.Increment(ref runs[item]);
                Interlocked.Decrement(ref busy[slot]);
            });
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void The_work_is_really_shared()
    {
        using Workers workers = new(2);
        using Barrier both = new(2);

        // Each item waits for the other, so one thread alone would never finish.
        bool[] met = new bool[2];
        workers.Run(2, (item, _) => met[item] = both.SignalAndWait(TimeSpan.FromSeconds(30)));

        Assert.Equal([true, true], met);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ranges_of_rows_depend_on_the_grain_alone(int threads)
    {
        using Workers workers = new(threads);

        Assert.Equal([(0, 4), (4, 4), (8, 2)], Ranges(10, 4));
        Assert.Equal([(0, 4), (4, 4)], Ranges(8, 4));
        Assert.Equal([(0, 4)], Ranges(4, 4));
        Assert.Equal([(0, 1)], Ranges(1, 4));
        Assert.Empty(Ranges(0, 4));

        List<(int First, int Count)> Ranges(int rows, int grain)
        {
            List<(int First, int Count)> ranges = [];
            workers.ForRows(rows, grain, (first, count) =>
            {
                lock (ranges)
                    ranges.Add((first, count));
            });
            ranges.Sort();
            return ranges;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_exception_of_any_item_surfaces_and_the_threads_go_on(int threads)
    {
        using Workers workers = new(threads);
        for (int bad = 0; bad < 20; bad++)
        {
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => workers.Run(20, (item, _) =>
            {
                if (item == bad)
                    throw new InvalidOperationException($"item {item}");
            }));
            Assert.Equal($"item {bad}", e.Message);
        }

        int sum = 0;
        workers.Run(100, (item, _) => Interlocked.Add(ref sum, item));
        Assert.Equal(4950, sum);
    }

    [Fact]
    public void A_run_inside_a_run_is_done_by_its_caller_alone()
    {
        using Workers workers = new(3);
        int[] runs = new int[100];
        workers.Run(10, (outer, _) =>
        {
            int caller = Environment.CurrentManagedThreadId;
            workers.Run(10, (inner, slot) =>
            {
                Assert.Equal((caller, 0), (Environment.CurrentManagedThreadId, slot));
                Interlocked.Increment(ref runs[10 * outer + inner]);
            });
        });

        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Callers_on_different_threads_all_get_their_items_done()
    {
        using Workers workers = new(2);
        int[] runs = new int[4];
        Thread[] callers = [.. Enumerable.Range(0, runs.Length).Select(caller => new Thread(() =>
        {
            for (int i = 0; i < 500; i++)
                workers.Run(3, (_, _) => Interlocked.Increment(ref runs[caller]));
        }))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            caller.Join();

        Assert.All(runs, count => Assert.Equal(1500, count));
    }

    [Fact]
    public void Thousands_of_tiny_runs_take_no_time_to_speak_of()
    {
        using Workers workers = new(2);
        Stopwatch watch = Stopwatch.StartNew();
        int sum = 0;
        for (int i = 0; i < 5000; i++)
            workers.Run(4, (_, _) => Interlocked.Increment(ref sum));

        Assert.Equal(20_000, sum);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Sleeping_threads_wake_for_new_work()
    {
        using Workers workers = new(2);
        using Barrier both = new(2);
        for (int i = 0; i < 3; i++)
        {
            bool[] met = new bool[2];
            workers.Run(2, (item, _) => met[item] = both.SignalAndWait(TimeSpan.FromSeconds(30)));
            Assert.Equal([true, true], met);
            Thread.Sleep(20);
        }
    }

    [Fact]
    public void After_disposal_the_caller_works_alone()
    {
        Workers workers = new(3);
        workers.Dispose();
        workers.Dispose();

        int caller = Environment.CurrentManagedThreadId, runs = 0;
        workers.Run(10, (_, _) =>
        {
            Assert.Equal(caller, Environment.CurrentManagedThreadId);
            runs++;
        });
        Assert.Equal(10, runs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Fewer_than_one_thread_is_refused(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new Workers(count));
}
