namespace Goodhart.Tokenizers.Tests.Fixtures;

/// <summary>Texts that have broken tokenizers before.</summary>
static class AwkwardTexts
{
    public static TheoryData<string> All { get; } =
    [
        "",
        " ",
        "  two before and two after  ",
        "\t\r\n \n\n\u00A0\u2003\u3000 mixed white space \v\f",
        "\u0000\u0001\u007F\u0085 control characters",
        "don't they'LL I'M we'd",
        "caf\u00E9 and cafe\u0301",
        "\u4F60\u597D\uFF0C\u4E16\u754C\uFF01 \u3053\u3093\u306B\u3061\u306F",
        "\u0928\u092E\u0938\u094D\u0924\u0947 \u0645\u0631\u062D\u0628\u0627 \u202Eright to left\u202C",
        "\U0001F469\u200D\U0001F469\u200D\U0001F467 \U0001F1EB\U0001F1F7 \U0001F44D\U0001F3FD \u2764\uFE0F",
        "\U00020000\U0001D400\U00010400 letters beyond U+FFFF",
        "\uFEFFbyte order mark \uFFFD \uFFFE\uFFFF \U0010FFFF",
        "\u0120 and \u2581 are marks, <0x0A> and <|endoftext|> look like tokens",
        "0123456789 \u0663\u0664 \u00B2\u00BD \u2167",
    ];
}
