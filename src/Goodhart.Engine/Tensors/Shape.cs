namespace Goodhart.Engine.Tensors;

/// <summary>The size of a matrix; a vector is one row, a scalar [1, 1].</summary>
public readonly record struct Shape(int Rows, int Columns)
{
    /// <summary>Rows times columns.</summary>
    public int Length => checked(Rows * Columns);

    /// <summary>As written in messages: [rows, columns].</summary>
    public override string ToString() => $"[{Rows}, {Columns}]";
}
