namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Splits as GPT-2 does and spells each piece in the <see cref="ByteAlphabet"/>.</summary>
sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    // English clitics; words, numbers and other signs, each with the space before it; white space, which leaves
    // its last character to the word that follows.
    const string Gpt2Pattern =
        @"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    static readonly CodePointRegex Gpt2Split = new(Gpt2Pattern, "ByteLevel");

    public void Split(Piece piece, List<Piece> pieces)
    {
        string text = addPrefixSpace && !piece.Text.StartsWith(' ') ? " " + piece.Text : piece.Text;
        if (!useRegex)
        {
            pieces.Add(piece with { Text = ByteAlphabet.Spell(text) });
            return;
        }

        // The pattern leaves nothing unmatched, so the matches are the pieces.
        foreach ((int start, int end) in Gpt2Split.Matches(text))
            pieces.Add(new Piece(ByteAlphabet.Spell(text[start..end]), piece.IsFirst && start == 0));
    }
}
