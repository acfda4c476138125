using Goodhart.Engine.Randomness;

namespace Goodhart.Distillation.Data;

/// <summary>Visits 0 .. count - 1 in a new random order each epoch, without end.</summary>
sealed class PromptOrder(int count, Rng rng)
{
    int[] _order = [];
    int _at;

    public int Next()
    {
        if (_at == _order.Length)
            (_order, _at) = (rng.Permutation(count), 0);
        return _order[_at++];
    }
}
