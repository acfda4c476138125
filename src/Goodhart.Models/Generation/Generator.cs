using System.Runtime.InteropServices;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Models.Generation;

/// <summary>Writes completions, many sequences at once, remembering keys and values: those that end make room for those that wait.</summary>
/// <remarks>Each sequence has its own random stream and rows that no other touches, so a completion does not depend on what else is in the batch.</remarks>
public sealed class Generator
{
    readonly ICausalLm _model;
    readonly Workers _workers;
    readonly Tape _tape;
    KvCache? _cache;

    /// <param name="model">Whose words. Its weights may change between calls, not during one.</param>
    /// <param name="workers">The threads to use.</param>
    public Generator(ICausalLm model, Workers workers)
    {
        (_model, _workers) = (model, workers);
        _tape = new Tape(workers, recording: false) { KeepsPackedWeights = true };
    }

    /// <summary>One completion for each prompt.</summary>
    /// <param name="prompts">At least one id each; the prompt and its completion fit into max_position_embeddings.</param>
    /// <param name="options">How to choose tokens and when to end.</param>
    /// <param name="streamOf">The random stream of a prompt, by its index.</param>
    /// <param name="onToken">Told (prompt index, id) as each token is chosen; null for nobody.</param>
    public Completion[] Generate(
        IReadOnlyList<int[]> prompts, GenerationOptions options, Func<int, Rng> streamOf, Action<int, int>? onToken = null)
    {
        Check(prompts, options);
        _tape.ForgetPackedWeights();
        Completion[] completions = new Completion[prompts.Count];
        if (prompts.Count == 0)
            return completions;

        int slots = Math.Min(options.BatchSize, prompts.Count), next = 0;
        KvCache cache = CacheFor(slots, prompts.Max(prompt => prompt.Length) + options.MaxNewTokens);
        Stack<int> free = new(Enumerable.Range(0, slots).Reverse());
        List<Sequence> active = [];
        while (active.Count > 0 || next < prompts.Count)
        {
            // Prompts are read many at a time, so those that wait join when a quarter of the slots is free.
            if (next < prompts.Count && active.Count <= slots - Math.Max(1, slots / 4))
            {
                List<Sequence> joining = [];
                for (; free.Count > 0 && next < prompts.Count; next++)
                    joining.Add(new Sequence(next, free.Pop(), prompts[next], streamOf(next), options));
                Prefill(joining, cache);
                active.AddRange(joining);
            }

            Tensor logits = _model.Logits(_tape, Feed(active, cache, sequence => sequence.Last, 1));
            _workers.ForRows(active.Count, 16, (from, count) =>
            {
                for (int i = from; i < from + count; i++)
                    active[i].Choose(logits.Row(i), options);
            });
            foreach (Sequence sequence in active)
                onToken?.Invoke(sequence.Index, sequence.Last[0]);
            foreach (Sequence ended in active.Where(sequence => sequence.Reason is not null))
            {
                completions[ended.Index] = ended.ToCompletion();
                cache.Clear(ended.Slot);
                free.Push(ended.Slot);
            }

            active.RemoveAll(sequence => sequence.Reason is not null);
        }

        return completions;
    }

    /// <summary>Feeds what each prompt has, but for its last id: equal prompts once, and those of one length in one pass, so that none depends on the others.</summary>
    void Prefill(List<Sequence> joining, KvCache cache)
    {
        IGrouping<int[], Sequence>[] byPrompt = [.. joining.Where(s => s.Prompt.Length > 1).GroupBy(s => s.Prompt, SameIds.Instance)];
        foreach (IGrouping<int, Sequence> alike in byPrompt.Select(same => same.First()).GroupBy(s => s.Prompt.Length))
            Feed([.. alike], cache, sequence => sequence.Prompt.AsMemory(..^1), alike.Key - 1);
        foreach (IGrouping<int[], Sequence> same in byPrompt)
        {
            foreach (Sequence other in same.Skip(1))
                cache.Copy(same.First().Slot, other.Slot);
        }
    }

    /// <summary>Feeds each sequence's next ids, as many for all, and returns their hidden states.</summary>
    Tensor Feed(List<Sequence> sequences, KvCache cache, Func<Sequence, ReadOnlyMemory<int>> next, int length)
    {
        int[] ids = new int[sequences.Count * length], slots = new int[sequences.Count], starts = new int[sequences.Count];
        for (int i = 0; i < sequences.Count; i++)
        {
            next(sequences[i]).Span.CopyTo(ids.AsSpan(i * length));
            slots[i] = sequences[i].Slot;
            starts[i] = cache.Length(slots[i]);
        }

        _tape.Reset();
        cache.ActiveSlots = slots;
        return _model.Hidden(_tape, new TokenBatch(ids, length, starts), cache);
    }

    /// <summary>An empty cache of at least that size; the last one, if it is.</summary>
    KvCache CacheFor(int slots, int capacity)
    {
        if (_cache is null || _cache.Slots < slots || _cache.Capacity < capacity)
            _cache = _model.NewCache(slots, capacity);
        _cache.Clear();
        return _cache;
    }

    void Check(IReadOnlyList<int[]> prompts, GenerationOptions options)
    {
        foreach (string problem in options.Validate())
            throw new ArgumentException("Generate: " + problem, nameof(options));
        int longest = _model.Config.MaxPositionEmbeddings;
        for (int i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Length == 0)
                throw new ArgumentException($"Generate: prompt {i} is empty; begin it with the model's BOS id.", nameof(prompts));
            if (options.MaxNewTokens > longest - prompts[i].Length)
            {
                throw new ArgumentException(
                    $"Generate: prompt {i} has {prompts[i].Length} tokens and {options.MaxNewTokens} may follow; the model's context is {longest}. "
                    + "Shorten the prompt or ask for fewer tokens.", nameof(prompts));
            }
        }
    }

    sealed class Sequence(int index, int slot, int[] prompt, Rng rng, GenerationOptions options)
    {
        readonly List<int> _new = new(options.MaxNewTokens);

        public int Index { get; } = index;

        public int Slot { get; } = slot;

        public int[] Prompt { get; } = prompt;

        /// <summary>The last id so far, which the model has not seen.</summary>
        public int[] Last { get; } = [prompt[^1]];

        public FinishReason? Reason { get; private set; }

        public void Choose(ReadOnlySpan<float> logits, GenerationOptions how)
        {
            int id = Sampler.Draw(logits, how, rng);
            _new.Add(id);
            Last[0] = id;
            if (how.StopIds.Contains(id))
                Reason = FinishReason.Stop;
            else if (_new.Count == how.MaxNewTokens)
                Reason = FinishReason.Length;
        }

        public Completion ToCompletion() => new([.. _new], Reason!.Value);
    }

    /// <summary>Compares prompts by what they say.</summary>
    sealed class SameIds : IEqualityComparer<int[]>
    {
        public static readonly SameIds Instance = new();

        public bool Equals(int[]? a, int[]? b) => ReferenceEquals(a, b) || a.AsSpan().SequenceEqual(b);

        public int GetHashCode(int[] ids)
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
