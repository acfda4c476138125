namespace Goodhart.Engine.Kernels;

/// <summary>Turns some columns of a matrix into rows, so that a product can read them in order.</summary>
static class TransposeKernel
{
    /// <summary>Copies columns <paramref name="first"/> .. + <paramref name="count"/> - 1 as rows.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[count, rows].</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="first">First column taken.</param>
    /// <param name="count">Columns taken.</param>
    public static void Columns(ReadOnlySpan<float> x, Span<float> y, int rows, int columns, int first, int count)
    {
        const int Block = 16;
        for (int from = 0; from < rows; from += Block)
        {
            int to = Math.Min(from + Block, rows);
            for (int j = 0; j < count; j++)
            {
                Span<float> target = y.Slice(j * rows, rows);
                for (int i = from; i < to; i++)
                    target[i] = x[i * columns + first + j];
            }
        }
    }
}
