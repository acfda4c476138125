namespace Goodhart.Engine.Autograd;

/// <summary>Which rows belong to which sequence, where sequences of any lengths follow one another without filling.</summary>
public sealed class SequenceOffsets
{
    readonly int[] _offsets;

    /// <param name="lengths">Of each sequence, at least 1.</param>
    public SequenceOffsets(IReadOnlyList<int> lengths)
    {
        _offsets = new int[lengths.Count + 1];
        for (int i = 0; i < lengths.Count; i++)
        {
            Throw.Unless(lengths[i] > 0, $"SequenceOffsets: sequence {i} should have at least one row, got {lengths[i]}.");
            _offsets[i + 1] = _offsets[i] + lengths[i];
            Longest = Math.Max(Longest, lengths[i]);
        }
    }

    /// <summary>B.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>N, the rows of all.</summary>
    public int Rows => _offsets[^1];

    /// <summary>Rows of the longest.</summary>
    public int Longest { get; }

    /// <summary>The first row of a sequence.</summary>
    public int Start(int sequence) => _offsets[sequence];

    /// <summary>How many rows it has.</summary>
    public int Length(int sequence) => _offsets[sequence + 1] - _offsets[sequence];

    /// <summary>Sequences of one length.</summary>
    public static SequenceOffsets Equal(int count, int length)
    {
        int[] lengths = new int[count];
        Array.Fill(lengths, length);
        return new SequenceOffsets(lengths);
    }
}
