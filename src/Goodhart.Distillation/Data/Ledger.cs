using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Goodhart.Distillation.Data;

/// <summary>Counts how varied the training data are: the factor that decides whether a student hacks its teacher.</summary>
public sealed class Ledger
{
    readonly HashSet<UInt128> _prompts = [], _examples = [];

    /// <summary>Different prompts seen.</summary>
    public int UniquePrompts => _prompts.Count;

    /// <summary>Different pairs of prompt and completion seen.</summary>
    public int UniqueCompletions => _examples.Count;

    /// <summary>Examples trained on, repetitions counted.</summary>
    public long Visits { get; private set; }

    /// <summary>Completion tokens trained on, repetitions counted.</summary>
    public long Tokens { get; private set; }

    /// <summary>How often a completion was used, on average; 1 is never again.</summary>
    public double Reuse => _examples.Count == 0 ? 0 : (double)Visits / _examples.Count;

    /// <summary>Share of visits, 0 to 1, whose completion had not been seen before.</summary>
    public double FreshFraction => Visits == 0 ? 0 : (double)_examples.Count / Visits;

    /// <summary>All that it has counted: store it, and set it to go on from there.</summary>
    public LedgerState State
    {
        get => new(Visits, Tokens, [.. _prompts], [.. _examples]);
        set
        {
            (Visits, Tokens) = (value.Visits, value.Tokens);
            _prompts.Clear();
            _prompts.UnionWith(value.Prompts);
            _examples.Clear();
            _examples.UnionWith(value.Examples);
        }
    }

    /// <summary>Counts a visit.</summary>
    public void Add(Example example)
    {
        Visits++;
        Tokens += example.CompletionLength;
        _prompts.Add(Fingerprint(example.Ids.AsSpan(0, example.PromptLength)));
        _examples.Add(Fingerprint(example.Ids));
    }

    // 128 bits stand for the ids: among a billion examples two would share them with a chance below 1e-20.
    static UInt128 Fingerprint(ReadOnlySpan<int> ids)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(ids), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}

/// <summary>What a <see cref="Ledger"/> has counted.</summary>
/// <param name="Visits">Examples, repetitions counted.</param>
/// <param name="Tokens">Completion tokens, repetitions counted.</param>
/// <param name="Prompts">A fingerprint of each different prompt.</param>
/// <param name="Examples">A fingerprint of each different example.</param>
public sealed record LedgerState(long Visits, long Tokens, IReadOnlyList<UInt128> Prompts, IReadOnlyList<UInt128> Examples);
