using Goodhart.Engine.Randomness;

namespace Goodhart.Distillation.Data;

/// <summary>Visits 0 .. count - 1 in a new random order each epoch, without end.</summary>
sealed class PromptOrder(int count, Rng rng)
{
    readonly (ulong, ulong, ulong, ulong) _start = rng.State;
    int[] _order = [];
    int _at;
    long _visits;

    /// <summary>How many there have been; to set it is to draw the orders of all epochs up to there again.</summary>
    public long Visits
    {
        get => _visits;
        set
        {
            (rng.State, _order, _at, _visits) = (_start, [], 0, value);
            for (long epoch = 0; epoch * count < value; epoch++)
                (_order, _at) = (rng.Permutation(count), (int)Math.Min(value - epoch * count, count));
        }
    }

    public int Next()
    {
        if (_at == _order.Length)
            (_order, _at) = (rng.Permutation(count), 0);
        _visits++;
        return _order[_at++];
    }
}
