using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.ChatTemplates;
using Goodhart.Tokenizers.Files;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers;

/// <summary>Turns text into token ids and back, exactly as its files say. Many threads may share one.</summary>
/// <remarks>
/// A <c>truncation</c> or <c>padding</c> setting in <c>tokenizer.json</c> is kept when saving but not applied:
/// lengths are the caller's. Nor is <c>clean_up_tokenization_spaces</c>, which is for display: it loses spaces of the text.
/// </remarks>
public sealed class Tokenizer
{
    readonly TokenizerSource _source;
    readonly Pipeline _pipeline;
    readonly AddedTokenSplitter _addedTokens;
    readonly HashSet<int> _specialIds;

    readonly Lazy<ChatTemplate?> _chatTemplate;

    internal Tokenizer(TokenizerSource source)
    {
        _chatTemplate = new Lazy<ChatTemplate?>(source.ReadChatTemplate);
        _source = source;
        _pipeline = source.Pipeline;
        _addedTokens = new AddedTokenSplitter(_pipeline.AddedTokens, _pipeline.Normalizer);
        _specialIds = [.. _pipeline.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Id)];
    }

    /// <summary>Ids run from 0 to this minus one, the added tokens included.</summary>
    public int VocabularySize => _pipeline.Vocabulary.Count;

    /// <summary>The id that begins a text; null where the tokenizer has none.</summary>
    public int? BosId => _source.Special.BosId;

    /// <summary>The id that ends a text; null where the tokenizer has none.</summary>
    public int? EosId => _source.Special.EosId;

    /// <summary>The id that fills up short rows; null where the tokenizer has none.</summary>
    public int? PadId => _source.Special.PadId;

    /// <summary>The id of what the vocabulary cannot represent; null where the tokenizer has none.</summary>
    public int? UnknownId => _source.Special.UnknownId;

    /// <summary>How the model wants conversations written; null where its files do not say.</summary>
    /// <exception cref="TokenizerException">The template is malformed, or uses what is not supported.</exception>
    public ChatTemplate? ChatTemplate => _chatTemplate.Value;

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="fileOrDirectory">
    /// A directory with <c>tokenizer.json</c> and perhaps <c>tokenizer_source.Special.json</c>, a file in that format,
    /// or a <c>.bin</c> vocabulary of llama2.c.
    /// </param>
    /// <exception cref="TokenizerException">It is missing, malformed, or asks for something not supported.</exception>
    public static Tokenizer Load(string fileOrDirectory)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileOrDirectory);
        return new Tokenizer(TokenizerFiles.Load(fileOrDirectory));
    }

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_source.Special.json</c>, unchanged where they were read.</summary>
    /// <param name="directory">Made where it does not exist.</param>
    /// <exception cref="TokenizerException">It cannot be written to; no file is left half-written.</exception>
    public void Save(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        TokenizerFiles.Save(directory, _source.Files);
    }

    /// <summary>The ids of a text. Special tokens written out in the text become their ids.</summary>
    /// <param name="text">Any well-formed text, also empty.</param>
    /// <param name="addSpecialTokens">Whether to put BOS and the like around it, as the file says. Default true.</param>
    /// <exception cref="TokenizerException">
    /// The text has half a surrogate pair, or a character that the vocabulary cannot represent.
    /// </exception>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        WellFormed.Check(text);

        List<int> ids = addSpecialTokens ? [.. _pipeline.Template.Prefix] : [];
        List<Piece> pieces = [];
        foreach ((int? addedToken, Piece between) in _addedTokens.Split(text))
        {
            if (addedToken is int id)
            {
                ids.Add(id);
                continue;
            }

            pieces.Clear();
            _pipeline.PreTokenizer.Split(between, pieces);
            foreach (Piece piece in pieces)
                _pipeline.Model.Encode(piece.Text.Span, ids);
        }

        if (addSpecialTokens)
            ids.AddRange(_pipeline.Template.Suffix);
        return [.. ids];
    }

    /// <summary>The text of some ids; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">From 0 to <see cref="VocabularySize"/> minus one.</param>
    /// <param name="skipSpecialTokens">Whether to leave BOS, EOS and their like out. Default true.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is no token.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<string> tokens = [];
        foreach (int id in ids)
        {
            string token = TokenOf(id);
            if (!skipSpecialTokens || !_specialIds.Contains(id))
                tokens.Add(token);
        }

        return string.Concat(_pipeline.Decoder.Decode(tokens));
    }

    /// <summary>The token as the vocabulary spells it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is no token.</exception>
    public string TokenOf(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return _pipeline.Vocabulary.TokenOf(id);
    }

    /// <summary>The id of a token as the vocabulary spells it; null where it is none.</summary>
    public int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _pipeline.Vocabulary.IdOf(token);
    }
}
