using System.Globalization;

namespace Goodhart.Detection.Curves;

/// <summary>The lines of a log that may be evaluations, kept until it is known which names the log uses.</summary>
sealed class LogTable
{
    const int MaxNamesListed = 40;

    readonly Dictionary<string, int> _cells = [];
    readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
    readonly List<(int Line, double?[] Cells)> _rows = [];
    readonly CurveColumns _columns;
    readonly int[] _distances;

    public LogTable(CurveColumns columns)
    {
        _columns = columns;
        string[] distances = [.. columns.ProxyNames, .. columns.GoldenNames, .. columns.TrainNames];
        foreach (string name in (string[])[columns.Step, .. distances, .. distances.Select(StdErrOf)])
            _cells.TryAdd(name, _cells.Count);
        _distances = [.. distances.Select(CellOf)];
    }

    public double?[] NewCells() => new double?[_cells.Count];

    /// <summary>Where a row keeps the number of this name; -1 for a name nobody asked for.</summary>
    public int CellOf(string name) => _cells.GetValueOrDefault(name, -1);

    public void Saw(string name)
    {
        if (_seen.Count < MaxNamesListed)
            _seen.Add(name);
    }

    /// <summary>Keeps a line that has any of the distances; returns how many lines are kept.</summary>
    public int Add(int line, double?[] cells)
    {
        if (Array.Exists(_distances, cell => cells[cell] is not null))
            _rows.Add((line, cells));
        return _rows.Count;
    }

    /// <exception cref="CurveException">The kept lines make no curve.</exception>
    public Curve ToCurve(string log)
    {
        string proxy = FirstUsed(_columns.ProxyNames)
            ?? throw Missing(log, "proxy", _columns.ProxyNames, "--proxy");
        string? golden = FirstUsed(_columns.GoldenNames);
        string? train = FirstUsed(_columns.TrainNames);
        if (golden is null && _columns.Golden is not null)
            throw Missing(log, "golden", _columns.GoldenNames, "--golden");
        if (train is null && _columns.Train is not null)
            throw Missing(log, "train", _columns.TrainNames, "--train");

        (int stepCell, int proxyCell, int proxyStdErrCell) = (CellOf(_columns.Step), CellOf(proxy), CellOf(StdErrOf(proxy)));
        (int goldenCell, int goldenStdErrCell) = golden is null ? (-1, -1) : (CellOf(golden), CellOf(StdErrOf(golden)));
        int trainCell = train is null ? -1 : CellOf(train);

        List<CurvePoint> points = [];
        foreach ((int line, double?[] cells) in _rows)
        {
            if (cells[proxyCell] is not { } distance)
                continue;
            if (cells[stepCell] is not { } step)
                throw AtLine(log, line, $"has '{proxy}' but no '{_columns.Step}'. Name the step column with --step.");

            var point = new CurvePoint(
                step, distance, Of(cells, proxyStdErrCell),
                Of(cells, goldenCell), Of(cells, goldenStdErrCell), Of(cells, trainCell));
            if (Curve.Problem(points.Count == 0 ? null : points[^1], point) is { } problem)
                throw AtLine(log, line, problem);
            points.Add(point);
        }

        if (points.Count == 1)
        {
            throw new CurveException(
                $"{log}: a curve needs more than one point with '{proxy}', got 1. Evaluate during training.");
        }

        if (golden is not null && points.TrueForAll(point => point.Golden is null))
            throw new CurveException($"{log}: '{golden}' never stands on a line with '{proxy}'. Log both on one line.");
        return new Curve(points);
    }

    string? FirstUsed(string[] names) =>
        Array.Find(names, name => _rows.Exists(row => row.Cells[CellOf(name)] is not null));

    static double? Of(double?[] cells, int cell) => cell < 0 ? null : cells[cell];

    static CurveException AtLine(string log, int line, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{log}:{line}: {problem}"));

    CurveException Missing(string log, string what, string[] names, string option) => new(
        $"{log}: no {what}: expected {string.Join(" or ", names.Select(name => $"'{name}'"))} with a number, found "
        + (_seen.Count == 0 ? "no columns" : string.Join(", ", _seen))
        + (_seen.Count < MaxNamesListed ? "" : ", ...") + $". Name the column with {option}.");

    static string StdErrOf(string name) => name + "_stderr";
}
