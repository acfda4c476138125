namespace Goodhart.Engine.Tests.Reference;

/// <summary>Row lengths that an op is tried at.</summary>
static class Sizes
{
    /// <summary>Around the eight lanes of a vector, whole vectors, and a long row.</summary>
    public static IReadOnlyList<int> Widths { get; } = [1, 7, 8, 9, 31, 64, 768];
}
