using Goodhart.Distillation.Data;

namespace Goodhart.Lab.Experiments;

/// <summary>Passes a source's examples on and remembers the last ones, to measure the proxy on training samples.</summary>
sealed class RecentExamples(IExampleSource source, int capacity) : IExampleSource
{
    readonly Queue<Example> _recent = [];

    public Ledger Ledger => source.Ledger;

    public IReadOnlyList<Example> Recent => [.. _recent];

    public SourceState State
    {
        get => new() { Held = Recent, Inner = [source.State] };
        set
        {
            source.State = value.Inner[0];
            _recent.Clear();
            foreach (Example example in value.Held)
                _recent.Enqueue(example);
        }
    }

    public IReadOnlyList<Example> Next(int count)
    {
        IReadOnlyList<Example> examples = source.Next(count);
        foreach (Example example in examples)
        {
            if (_recent.Count == capacity)
                _recent.Dequeue();
            _recent.Enqueue(example);
        }

        return examples;
    }
}
