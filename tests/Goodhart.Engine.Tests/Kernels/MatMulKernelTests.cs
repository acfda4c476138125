using Goodhart.Engine.Autograd;
using Goodhart.Engine.Kernels;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Kernels;

/// <summary>Panels of 32 columns run the 512-bit tile also where the processor lacks it; without any vectors both widths run the scalar one.</summary>
public sealed class MatMulKernelTests : IDisposable
{
    /// <summary>Past the end of C; must never be written.</summary>
    const float Guard = 12345;

    readonly Workers _one = new(1);
    readonly Arena _arena = new();

    public static TheoryData<int> PanelWidths => [Tile256.Width, Tile512.Width];

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Every_small_shape_matches_double_precision(int panelWidth)
    {
        foreach (int rows in (int[])[1, 2, 5, 6, 7, 12, 13, 40])
        {
            for (int columns = 1; columns <= 40; columns++)
            {
                foreach (int depth in (int[])[1, 2, 7, 40])
                    AssertAllProducts(rows, depth, columns, panelWidth);
            }
        }
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Sums_longer_than_a_block_of_depth_match_double_precision(int panelWidth)
    {
        foreach (int depth in (int[])[255, 256, 257, 511, 512, 513])
            AssertAllProducts(rows: 13, depth, columns: 33, panelWidth);
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Products_larger_than_every_block_match_double_precision(int panelWidth)
    {
        AssertAllProducts(rows: 100, depth: 300, columns: 530, panelWidth);
        AssertAllProducts(rows: 1, depth: 768, columns: 600, panelWidth);
        AssertAllProducts(rows: 530, depth: 60, columns: 20, panelWidth);
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void A_right_operand_gives_the_same_bits_in_place_as_laid_out(int panelWidth)
    {
        foreach ((int rows, int depth, int columns) in ((int, int, int)[])[(1, 40, 64), (13, 7, 32), (50, 300, 96), (7, 257, 128)])
        {
            float[] a = Random(rows * depth, "a"), b = Random(depth * columns, "b"), apart = new float[rows * columns], inPlace = new float[rows * columns];
            Assert.True(PackedPanels.CanStay(columns, panelWidth));

            PackedPanels panels = Packed(b, depth, columns, panelWidth);
            MatMulKernel.Multiply(a, depth, 1, panels, apart, rows, 0, panels.Count, add: false);
            MatMulKernel.Multiply(a, depth, 1, PackedPanels.InPlace(b, depth, columns, panelWidth), inPlace, rows, 0, panels.Count, add: false);

            Assert.Equal(apart, inPlace);
        }
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void Some_panels_alone_leave_the_other_columns_as_they_were(int panelWidth)
    {
        int rows = 7, depth = 5, columns = 3 * panelWidth + 1;
        float[] a = Random(rows * depth, "a"), b = Random(depth * columns, "b"), c = new float[rows * columns];
        Array.Fill(c, Guard);

        MatMulKernel.Multiply(a, depth, 1, Packed(b, depth, columns, panelWidth), c, rows, firstPanel: 1, panels: 2, add: false);

        for (int i = 0; i < c.Length; i++)
            Assert.Equal(i % columns < panelWidth || i % columns >= 3 * panelWidth, c[i] == Guard);
    }

    [Theory]
    [MemberData(nameof(PanelWidths))]
    public void An_infinity_on_the_left_reaches_its_own_row_alone(int panelWidth)
    {
        int rows = 8, depth = 3, columns = 5;
        float[] a = Random(rows * depth, "a"), b = Random(depth * columns, "b"), c = new float[rows * columns];
        a[6 * depth] = float.PositiveInfinity;

        MatMulKernel.Multiply(a, depth, 1, Packed(b, depth, columns, panelWidth), c, rows, 0, 1, add: false);

        for (int i = 0; i < c.Length; i++)
            Assert.Equal(i / columns != 6, float.IsFinite(c[i]));
    }

    [Theory]
    [InlineData(500, 64, 100)]
    [InlineData(5, 400, 300)]
    [InlineData(97, 33, 131)]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int depth, int columns)
    {
        float[] a = Random(rows * depth, "a"), b = Random(depth * columns, "b"), at = Random(depth * rows, "at");
        PackedPanels packed = MatMul.Pack(_one, b, depth, columns, transposed: false, new float[MatMul.PackedLength(depth, columns)]);
        (float[] product, float[] transposed) expected = Products(_one);

        for (int threads = 2; threads <= 4; threads++)
        {
            using Workers workers = new(threads);
            (float[] product, float[] transposed) = Products(workers);
            Assert.Equal(expected.product, product);
            Assert.Equal(expected.transposed, transposed);
        }

        (float[] Product, float[] Transposed) Products(Workers workers)
        {
            float[] product = new float[rows * columns], transposed = new float[rows * columns];
            MatMul.Multiply(workers, a, packed, product, rows, add: false);
            MatMul.AddTransposedProduct(workers, _arena, at, rows, packed, transposed);
            return (product, transposed);
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>A B, A transpose(W) and transpose(A) B, overwriting and adding.</summary>
    void AssertAllProducts(int rows, int depth, int columns, int panelWidth)
    {
        float[] a = Random(rows * depth, "a"), b = Random(depth * columns, "b"), before = Random(rows * columns + 1, "c");
        before[^1] = Guard;
        string shape = $"[{rows}, {depth}] x [{depth}, {columns}] in panels of {panelWidth}";
        (double[] expected, double[] sizes) = InDouble(a, b, rows, depth, columns);

        PackedPanels panels = Packed(b, depth, columns, panelWidth);
        float[] c = [.. before];
        MatMulKernel.Multiply(a, depth, 1, panels, c, rows, 0, panels.Count, add: false);
        AssertProduct(start: null, c, $"A B, {shape}");

        c = [.. before];
        MatMulKernel.Multiply(a, depth, 1, panels, c, rows, 0, panels.Count, add: true);
        AssertProduct(start: before, c, $"C + A B, {shape}");

        c = [.. before];
        PackedPanels transposed = PackedTransposed(Transposed(b, depth, columns), depth, columns, panelWidth);
        MatMulKernel.Multiply(a, depth, 1, transposed, c, rows, 0, panels.Count, add: false);
        AssertProduct(start: null, c, $"A transpose(W), {shape}");

        c = [.. before];
        MatMul.AddTransposedProduct(_one, _arena, Transposed(a, rows, depth), rows, panels, c);
        AssertProduct(start: before, c, $"C + transpose(A) B, {shape}");

        void AssertProduct(float[]? start, float[] actual, string what)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                double wanted = expected[i] + (start?[i] ?? 0);
                if (!(Math.Abs(wanted - actual[i]) <= 1e-6 * (sizes[i] + 1)))
                    Assert.Fail($"{what}: element {i} should be {wanted}, got {actual[i]}.");
            }

            Assert.True(actual[^1] == Guard, $"{what}: wrote past the end.");
        }
    }

    /// <summary>A B, and the sum of the sizes of its terms, which bounds the rounding.</summary>
    static (double[] Product, double[] Sizes) InDouble(float[] a, float[] b, int rows, int depth, int columns)
    {
        double[] product = new double[rows * columns], sizes = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < depth; k++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double term = (double)a[i * depth + k] * b[k * columns + j];
                    product[i * columns + j] += term;
                    sizes[i * columns + j] += Math.Abs(term);
                }
            }
        }

        return (product, sizes);
    }

    static PackedPanels Packed(float[] b, int depth, int columns, int width)
    {
        PackedPanels panels = Panels(depth, columns, width);
        for (int panel = 0; panel < panels.Count; panel++)
            panels.PackPanel(panel, b);
        return panels;
    }

    static PackedPanels PackedTransposed(float[] w, int depth, int columns, int width)
    {
        PackedPanels panels = Panels(depth, columns, width);
        for (int panel = 0; panel < panels.Count; panel++)
            panels.PackPanelTransposed(panel, w);
        return panels;
    }

    /// <summary>Storage as an arena hands it out: not zeroed.</summary>
    static PackedPanels Panels(int depth, int columns, int width)
    {
        float[] storage = new float[PackedPanels.LengthFor(depth, columns, width)];
        Array.Fill(storage, float.NaN);
        return new PackedPanels(storage, depth, columns, width);
    }

    static float[] Transposed(float[] x, int rows, int columns)
    {
        float[] y = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            y[i % columns * rows + i / columns] = x[i];
        return y;
    }

    static float[] Random(int length, string name)
    {
        Rng rng = new(1, name);
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
            value = (float)rng.NextGaussian();
        return values;
    }
}
