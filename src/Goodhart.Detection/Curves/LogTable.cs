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
    readonly string[] _distances;

    public LogTable(CurveColumns columns)
    {
        _columns = columns;
        _distances = [.. columns.ProxyNames, .. columns.GoldenNames, .. columns.TrainNames];
        foreach (string name in (string[])[columns.Step, .. _distances, .. _distances.Select(StdErrOf)])
            _cells.TryAdd(name, _cells.Count);
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
        if (_distances.Any(name => cells[CellOf(name)] is not null))
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

        List<CurvePoint> points = [];
        foreach ((int line, double?[] cells) in _rows.Where(row => row.Cells[CellOf(proxy)] is not null))
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"{log}:{line}: ");
            double step = cells[CellOf(_columns.Step)]
                ?? throw new CurveException($"{where}has '{proxy}' but no '{_columns.Step}'. Name the step column with --step.");
            var point = new CurvePoint(
                step, cells[CellOf(proxy)]!.Value, Of(cells, StdErrOf(proxy)),
                Of(cells, golden), golden is null ? null : Of(cells, StdErrOf(golden)), Of(cells, train));
            if (Curve.Problem(points.LastOrDefault(), point) is { } problem)
                throw new CurveException(where + problem);
            points.Add(point);
        }

        if (points.Count == 1)
            throw new CurveException($"{log}: a curve needs more than one point with '{proxy}', got 1. Evaluate during training.");
        if (golden is not null && points.TrueForAll(point => point.Golden is null))
            throw new CurveException($"{log}: '{golden}' never stands on a line with '{proxy}'. Log both on one line.");
        return new Curve(points);
    }

    string? FirstUsed(string[] names) =>
        Array.Find(names, name => _rows.Exists(row => row.Cells[CellOf(name)] is not null));

    double? Of(double?[] cells, string? name) => name is null ? null : cells[CellOf(name)];

    CurveException Missing(string log, string what, string[] names, string option) => new(
        $"{log}: no {what}: expected {string.Join(" or ", names.Select(name => $"'{name}'"))} with a number, found "
        + (_seen.Count == 0 ? "no columns" : string.Join(", ", _seen))
        + (_seen.Count < MaxNamesListed ? "" : ", ...") + $". Name the column with {option}.");

    static string StdErrOf(string name) => name + "_stderr";
}
