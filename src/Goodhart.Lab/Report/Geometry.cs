namespace Goodhart.Lab.Report;

/// <summary>A place in a picture, from its top left.</summary>
readonly record struct Pixel(double X, double Y)
{
    public double DistanceTo(Pixel other) => Math.Sqrt(Math.Pow(X - other.X, 2) + Math.Pow(Y - other.Y, 2));

    /// <summary>A share of the way to another place.</summary>
    public Pixel Towards(Pixel other, double share) => new(X + share * (other.X - X), Y + share * (other.Y - Y));
}

/// <summary>A rectangle in a picture.</summary>
readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public bool Contains(Pixel p) => p.X >= Left && p.X <= Right && p.Y >= Top && p.Y <= Bottom;

    public double DistanceTo(Pixel p) =>
        new Pixel(Math.Clamp(p.X, Left, Right), Math.Clamp(p.Y, Top, Bottom)).DistanceTo(p);

    /// <summary>The area that two rectangles share.</summary>
    public double Overlap(Box other) =>
        Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
        * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
}
