namespace Goodhart.Detection.Laws;

/// <summary>How well a window fits each floor c, and which fits best.</summary>
sealed class OffsetProfile
{
    const int GridPoints = 41, Sections = 30;

    public OffsetProfile(LogWindow window)
    {
        Window = window;

        // Dense towards the smallest distance, where a small change of c bends the law most.
        double lowest = window.LowestDistance;
        Grid = [.. Enumerable.Range(0, GridPoints).Select(i => window.FitAt(lowest * (1 - Math.Pow(2, -i / 4.0))))];
        Best = Search(window, Grid);
    }

    public LogWindow Window { get; }

    /// <summary>Floors from 0 up to just below the smallest distance.</summary>
    public OffsetFit[] Grid { get; }

    public OffsetFit Best { get; }

    /// <summary>Golden sections about the best of the grid; alone they could end in the wrong one of two valleys.</summary>
    static OffsetFit Search(LogWindow window, OffsetFit[] grid)
    {
        const double Section = 0.6180339887498949;
        int best = Array.IndexOf(grid, grid.MinBy(fit => fit.SquaredError));
        double low = grid[Math.Max(best - 1, 0)].Law.Offset, high = grid[Math.Min(best + 1, grid.Length - 1)].Law.Offset;
        OffsetFit left = window.FitAt(high - Section * (high - low)), right = window.FitAt(low + Section * (high - low));
        for (int i = 0; i < Sections; i++)
        {
            if (left.SquaredError < right.SquaredError)
            {
                (high, right) = (right.Law.Offset, left);
                left = window.FitAt(high - Section * (high - low));
            }
            else
            {
                (low, left) = (left.Law.Offset, right);
                right = window.FitAt(low + Section * (high - low));
            }
        }

        OffsetFit found = left.SquaredError < right.SquaredError ? left : right;
        return found.SquaredError < grid[best].SquaredError ? found : grid[best];
    }
}
