using FsCheck.Xunit;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.Models;

public sealed class UnigramTests
{
    static readonly (string Text, double Score)[] Pieces =
        [("?", 0), ("a", -2.1), ("b", -2.3), ("ab", -3.9), ("ba", -4.6), ("aba", -5.2), ("bb", -4.7), ("abab", -9.5)];

    static readonly string Vocabulary =
        string.Join(", ", Pieces.Select(piece => FormattableString.Invariant($"[\"{piece.Text}\", {piece.Score}]")));

    static readonly Tokenizer Tokenizer = TinyJson.Read(
        $$$"""{"decoder": {"type": "Fuse"}, "model": {"type": "Unigram", "unk_id": 0, "vocab": [{{{Vocabulary}}}]}}""");

    [Property(MaxTest = 500)]
    public void The_path_is_the_best_of_all(byte[]? letters)
    {
        string text = string.Concat((letters ?? []).Take(12).Select(b => "ab"[b % 2]));
        double score = Tokenizer.Encode(text).Sum(id => Pieces[id].Score);
        Assert.Equal(BestScore(text), score, 1e-9);
        Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));
    }

    [Theory]
    [InlineData("", "[]", "model.vocab should be a list of at least one piece")]
    [InlineData("", "[[\"a\", 0], [\"a\", 0]]", "model.vocab[1] should be a piece that was not listed before")]
    [InlineData("", "[[\"\", 0]]", "model.vocab[0][0] should be a text of at least one character")]
    [InlineData("", "[[\"a\", 1e999]]", "model.vocab[0][1] should be a finite number")]
    [InlineData("", "[[\"a\"]]", "model.vocab[0] should be a piece and its score")]
    [InlineData("\"unk_id\": 1,", "[[\"a\", 0]]", "model.unk_id should be below 1")]
    [InlineData("\"unk_id\": null,", "[[\"a\", 0]]", "model.unk_id is missing")]
    [InlineData("\"unk_id\": 0, \"byte_fallback\": true,", "[[\"a\", 0]]", "model.byte_fallback should be false, since vocab has no <0x00>")]
    public void A_wrong_file_is_refused_with_the_place_and_the_rule(string settings, string vocabulary, string expected)
    {
        string unknown = settings.Length == 0 ? "\"unk_id\": 0," : settings;
        var e = Assert.Throws<TokenizerException>(() =>
            TinyJson.Read($$$"""{"model": {"type": "Unigram", {{{unknown}}} "vocab": {{{vocabulary}}}}}"""));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    /// <summary>The specification: tries every first piece.</summary>
    static double BestScore(string text) => text.Length == 0
        ? 0
        : Pieces.Where(piece => text.StartsWith(piece.Text, StringComparison.Ordinal)).Max(piece => piece.Score + BestScore(text[piece.Text.Length..]));
}
