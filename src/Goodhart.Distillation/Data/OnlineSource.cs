using Goodhart.Engine.Randomness;
using Goodhart.Models.Generation;

namespace Goodhart.Distillation.Data;

/// <summary>The same prompts every epoch, each completion written anew at each visit.</summary>
public sealed class OnlineSource : IExampleSource
{
    readonly IReadOnlyList<int[]> _prompts;
    readonly Generator _writer;
    readonly GenerationOptions _options;
    readonly PromptOrder _order;
    readonly Func<long, Rng> _streamOfVisit;
    readonly int _ahead;
    readonly Queue<Example> _written = [];

    /// <param name="prompts">At least one.</param>
    /// <param name="writer">Who writes: the teacher, the student being trained, or the oracle.</param>
    /// <param name="options">How it writes.</param>
    /// <param name="rng">Decides the order of each epoch.</param>
    /// <param name="streamOfVisit">The random stream of a visit, counted from 0; it makes the text independent of batching.</param>
    /// <param name="ahead">How many examples to write at a time. More than are asked for at once only if the writer does not change.</param>
    public OnlineSource(
        IReadOnlyList<int[]> prompts, Generator writer, GenerationOptions options, Rng rng, Func<long, Rng> streamOfVisit, int ahead = 1)
    {
        (_prompts, _writer, _options, _streamOfVisit, _ahead) = (prompts, writer, options, streamOfVisit, ahead);
        _order = new PromptOrder(prompts.Count, rng);
    }

    /// <inheritdoc/>
    public Ledger Ledger { get; } = new();

    /// <inheritdoc/>
    public SourceState State
    {
        get => new() { Visits = _order.Visits, Held = [.. _written], Ledger = Ledger.State };
        set
        {
            (_order.Visits, Ledger.State) = (value.Visits, value.Ledger!);
            _written.Clear();
            foreach (Example example in value.Held)
                _written.Enqueue(example);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Example> Next(int count)
    {
        while (_written.Count < count)
            Write(Math.Max(_ahead, count - _written.Count));

        Example[] drawn = [.. Enumerable.Range(0, count).Select(_ => _written.Dequeue())];
        foreach (Example example in drawn)
            Ledger.Add(example);
        return drawn;
    }

    void Write(int count)
    {
        long first = _order.Visits;
        int[][] prompts = [.. Enumerable.Range(0, count).Select(_ => _prompts[_order.Next()])];
        Completion[] completions = _writer.Generate(prompts, _options, i => _streamOfVisit(first + i));
        for (int i = 0; i < count; i++)
            _written.Enqueue(Example.Of(prompts[i], completions[i].Ids));
    }
}
