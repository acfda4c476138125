using FsCheck.Xunit;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.PreTokenizers.KnownSplits;

/// <summary>The regular expression is the specification of each split that is matched by hand.</summary>
public sealed class KnownSplitTests
{
    // Of each kind of character, and of each that a pattern names, some.
    static readonly string[] Alphabet =
    [
        "'", "s", "S", "t", "re", "VE", "l", "L", "d", "a", "\u00E9", "\u4F60", "\U0001D400", "\u0301", "1", "\u00BD", "\U0001D7CE",
        " ", " ", "\t", "\n", "\r", "\u00A0", "\u3000", "\u0085", ".", "-", "_", "\u20AC", "\U0001F600", "\u0000", "\u200B",
    ];

    static readonly (KnownSplit Known, CodePointRegex Reference)[] Splits =
        [.. KnownSplit.All.Select(known => (known, new CodePointRegex(known.Pattern, "test")))];

    [Property(MaxTest = 2000)]
    public void It_matches_as_the_pattern_does(byte[]? drawn)
    {
        string text = string.Concat((drawn ?? []).Select(b => Alphabet[b % Alphabet.Length]));
        Compare(text);
    }

    [Theory]
    [MemberData(nameof(AwkwardTexts.All), MemberType = typeof(AwkwardTexts))]
    public void It_matches_awkward_texts_as_the_pattern_does(string text)
    {
        Compare(text);
    }

    [Fact]
    public void Every_character_is_of_the_kind_that_the_pattern_takes_it_for()
    {
        // Between letters and digits of known kinds, each character shows its own.
        string text = string.Concat(Enumerable.Range(0, 0x10000).Where(c => !char.IsSurrogate((char)c)).Select(c => $"a{(char)c}1{(char)c}."));
        Compare(text);
    }

    static void Compare(string text)
    {
        foreach ((KnownSplit known, CodePointRegex reference) in Splits)
        {
            List<int> ends = [];
            known.AddEnds(text, ends);
            Assert.Equal(reference.Matches(text).Select(match => match.End), ends);
        }
    }
}
