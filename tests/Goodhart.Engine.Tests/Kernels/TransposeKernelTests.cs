using Goodhart.Engine.Kernels;

namespace Goodhart.Engine.Tests.Kernels;

public sealed unsafe class TransposeKernelTests
{
    const float Before = 0.5f;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(16, 8)]
    [InlineData(7, 9)]
    [InlineData(9, 7)]
    [InlineData(33, 20)]
    public void Every_element_goes_to_its_mirror_place_and_no_other_changes(int rows, int columns)
    {
        int xRow = columns + 3, yRow = rows + 2;
        float[] x = [.. Enumerable.Range(0, rows * xRow).Select(i => (float)i)], copied = Filled(columns * yRow), added = Filled(columns * yRow);

        fixed (float* from = x, copy = copied, sum = added)
        {
            TransposeKernel.Copy(from, xRow, copy, yRow, rows, columns);
            TransposeKernel.Add(from, xRow, sum, yRow, rows, columns);
        }

        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < yRow; r++)
            {
                Assert.Equal(r < rows ? x[r * xRow + c] : Before, copied[c * yRow + r]);
                Assert.Equal(r < rows ? x[r * xRow + c] + Before : Before, added[c * yRow + r]);
            }
        }
    }

    static float[] Filled(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, Before);
        return values;
    }
}
