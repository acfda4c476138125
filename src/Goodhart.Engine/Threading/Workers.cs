using System.Runtime.ExceptionServices;
using Goodhart.Engine.Autograd;

namespace Goodhart.Engine.Threading;

/// <summary>Threads that share the items of one piece of work, kept between pieces.</summary>
/// <remarks>
/// Items are claimed one by one, so which thread runs which is not fixed; a body must therefore depend on its item alone.
/// A call made while another runs is done by its caller alone.
/// </remarks>
public sealed class Workers : IDisposable
{
    const int SpinsBeforeSleep = 500;

    readonly Thread[] _threads;
    readonly SemaphoreSlim _wake = new(0);
    Job _job = new(0, static (_, _) => { });
    int _sleeping;
    int _busy;
    volatile bool _stopping;

    /// <summary>Starts <paramref name="count"/> - 1 threads; the caller is the other one.</summary>
    /// <param name="count">How many work at once; at least 1.</param>
    public Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int slot = i + 1;
            _threads[i] = new Thread(() => Work(slot)) { IsBackground = true, Name = $"goodhart worker {slot}" };
            _threads[i].Start();
        }
    }

    /// <summary>How many work at once, the caller included.</summary>
    public int Count { get; }

    /// <summary>Hears how long the ops of the tapes that use these threads take; null for nobody.</summary>
    public OpProfile? Profile { get; init; }

    /// <summary>Calls <paramref name="body"/>(item, slot) for each item below <paramref name="items"/>; slot, below <see cref="Count"/>, tells scratch memory apart.</summary>
    public void Run(int items, Action<int, int> body)
    {
        if (items <= 1 || _threads.Length == 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (int item = 0; item < items; item++)
                body(item, 0);
            return;
        }

        Job job = new(items, body);
        Interlocked.Exchange(ref _job, job);
        int asleep = Volatile.Read(ref _sleeping);
        if (asleep > 0)
            _wake.Release(asleep);

        job.Claim(slot: 0);
        SpinWait spin = default;
        while (!job.IsDone)
            spin.SpinOnce(sleep1Threshold: -1);

        Volatile.Write(ref _busy, 0);
        job.Failure?.Throw();
    }

    /// <summary>Calls <paramref name="body"/>(first, count) for consecutive ranges of <paramref name="grain"/> rows.</summary>
    /// <remarks>The ranges depend on the grain alone, never on the number of threads.</remarks>
    public void ForRows(int rows, int grain, Action<int, int> body)
    {
        if (rows > grain)
            Run((rows + grain - 1) / grain, (item, _) => body(item * grain, Math.Min(grain, rows - item * grain)));
        else if (rows > 0)
            body(0, rows);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        _wake.Release(Math.Max(1, _threads.Length));
        foreach (Thread thread in _threads)
            thread.Join();
        _wake.Dispose();
    }

    void Work(int slot)
    {
        Job seen = Volatile.Read(ref _job);
        while (!_stopping)
        {
            seen.Claim(slot);
            seen = NextAfter(seen);
        }
    }

    Job NextAfter(Job seen)
    {
        for (int i = 0; i < SpinsBeforeSleep; i++)
        {
            Job now = Volatile.Read(ref _job);
            if (now != seen || _stopping)
                return now;
            Thread.SpinWait(20);
        }

        while (true)
        {
            // Announced before the last look: either we see the new job, or its owner sees us asleep and wakes us.
            Interlocked.Increment(ref _sleeping);
            if (Volatile.Read(ref _job) == seen && !_stopping)
                _wake.Wait();
            Interlocked.Decrement(ref _sleeping);
            Job now = Volatile.Read(ref _job);
            if (now != seen || _stopping)
                return now;
        }
    }

    /// <summary>One call of <see cref="Run"/>. A thread that comes too late finds no item left and touches nothing.</summary>
    sealed class Job(int items, Action<int, int> body)
    {
        int _next;
        int _done;

        public ExceptionDispatchInfo? Failure { get; private set; }

        public bool IsDone => Volatile.Read(ref _done) == items;

        public void Claim(int slot)
        {
            for (int item; (item = Interlocked.Increment(ref _next) - 1) < items;)
            {
                try
                {
                    body(item, slot);
                }
                catch (Exception e)
                {
                    Failure ??= ExceptionDispatchInfo.Capture(e);
                }

                Interlocked.Increment(ref _done);
            }
        }
    }
}
