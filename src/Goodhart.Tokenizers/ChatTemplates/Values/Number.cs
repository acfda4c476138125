namespace Goodhart.Tokenizers.ChatTemplates.Values;

/// <summary>Arithmetic as Python does it; integers beyond 64 bits are an error.</summary>
static class Number
{
    /// <summary>A number as one; null for what is none. True is 1.</summary>
    public static double? Of(object? value) => value switch
    {
        bool truth => truth ? 1 : 0,
        long whole => whole,
        double real => real,
        _ => null,
    };

    public static long Whole(object? value, string what) => value switch
    {
        long whole => whole,
        bool truth => truth ? 1 : 0,
        _ => throw new Fault($"{what} should be an integer, got {Value.KindOf(value)}."),
    };

    public static object Calculate(string sign, object? left, object? right)
    {
        if (Of(left) is not double x || Of(right) is not double y)
            throw new Fault(left is Undefined unset ? unset.Used().Message
                : right is Undefined other ? other.Used().Message
                : $"'{sign}' has no meaning for {Value.KindOf(left)} and {Value.KindOf(right)}.");
        if (sign is "/" or "//" or "%" && y == 0)
            throw new Fault("division by zero.");

        bool areWhole = left is not double && right is not double;
        try
        {
            if (areWhole && sign != "/" && !(sign == "**" && y < 0))
                return Calculate(sign, Whole(left, "a number"), Whole(right, "a number"));
            return Calculate(sign, x, y);
        }
        catch (OverflowException)
        {
            throw new Fault("an integer is beyond 64 bits.");
        }
    }

    static long Calculate(string sign, long x, long y) => sign switch
    {
        "+" => checked(x + y),
        "-" => checked(x - y),
        "*" => checked(x * y),
        "//" => checked(x / y) - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0),
        "%" => y == -1 ? 0 : ((x % y) + y) % y,
        _ => Power(x, y),
    };

    static double Calculate(string sign, double x, double y) => sign switch
    {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        "/" => x / y,
        "//" => Math.Floor(x / y),
        "%" => x - (y * Math.Floor(x / y)),
        _ => Math.Pow(x, y),
    };

    static long Power(long x, long exponent)
    {
        double rough = Math.Pow(x, exponent);
        if (Math.Abs(rough) > long.MaxValue)
            throw new OverflowException();

        long power = 1;
        for (; exponent > 0 && x is not (0 or 1 or -1); exponent--)
            power = checked(power * x);
        return x is 0 or 1 or -1 ? (long)rough : power;
    }
}
