using FsCheck;
using FsCheck.Xunit;

namespace Goodhart.Lab.Report;

public sealed class LabelPlacerTests
{
    static readonly Box Plot = new(0, 0, 400, 300);

    [Fact]
    public void Labels_of_neighbouring_points_do_not_overlap()
    {
        LabelPlacer labels = new(Plot);
        Pixel[] points = [new(100, 100), new(104, 103), new(98, 106), new(300, 290)];
        Box[] boxes = [.. points.Select(point => labels.PlaceNear(point, points, 80, 28))];

        for (int i = 0; i < boxes.Length; i++)
            Assert.All(boxes[..i], other => Assert.Equal(0, other.Overlap(boxes[i])));
        Assert.All(boxes, box => Assert.True(Plot.Contains(new(box.Left, box.Top)) && Plot.Contains(new(box.Right, box.Bottom))));
    }

    [Fact]
    public void A_label_keeps_off_the_lines()
    {
        LabelPlacer labels = new(Plot);
        labels.Avoid([new(0, 150), new(400, 150)]);
        Box box = labels.PlaceNear(new(200, 150), [], 60, 14);
        Assert.False(box.Top < 150 && box.Bottom > 150);
    }

    [Property]
    public void Labels_at_line_ends_keep_their_distance_and_their_order(NonEmptyArray<byte> heights)
    {
        double[] wanted = [.. heights.Get.Take(12).Select(height => (double)height)];
        double[] placed = LabelPlacer.Spread(wanted, spacing: 13, low: 0, high: 255);

        double[] sorted = [.. placed.Order()];
        Assert.All(sorted.Zip(sorted.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 13 - 1e-9));
        Assert.Equal(wanted.Index().OrderBy(pair => pair.Item).Select(pair => pair.Index),
            placed.Index().OrderBy(pair => pair.Item).Select(pair => pair.Index));
    }
}
