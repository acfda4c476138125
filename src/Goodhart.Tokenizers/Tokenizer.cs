using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers;

/// <summary>Turns text into token ids and back, exactly as its files say. Many threads may share one.</summary>
/// <remarks>
/// A <c>truncation</c> or <c>padding</c> setting in <c>tokenizer.json</c> is kept when saving but not applied:
/// lengths are the caller's.
/// </remarks>
public sealed class Tokenizer
{
    readonly TokenizerJson _json;
    readonly AddedTokenSplitter _addedTokens;
    readonly HashSet<int> _specialIds;
    readonly TokenizerConfig _config;
    readonly byte[] _jsonFile;
    readonly byte[] _configFile;

    internal Tokenizer(byte[] jsonFile, string jsonName, byte[]? configFile = null, string configName = "")
    {
        _json = TokenizerJson.Read(jsonFile, jsonName);
        _addedTokens = new AddedTokenSplitter(_json.AddedTokens, _json.Normalizer);
        _specialIds = [.. _json.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Id)];
        _config = TokenizerConfig.Read(configFile, configName, _json);
        _jsonFile = jsonFile;
        _configFile = configFile ?? _config.Write(_json.Vocabulary);
    }

    /// <summary>Ids run from 0 to this minus one, the added tokens included.</summary>
    public int VocabularySize => _json.Vocabulary.Count;

    /// <summary>The id that begins a text; null where the tokenizer has none.</summary>
    public int? BosId => _config.BosId;

    /// <summary>The id that ends a text; null where the tokenizer has none.</summary>
    public int? EosId => _config.EosId;

    /// <summary>The id that fills up short rows; null where the tokenizer has none.</summary>
    public int? PadId => _config.PadId;

    /// <summary>The id of what the vocabulary cannot represent; null where the tokenizer has none.</summary>
    public int? UnknownId => _config.UnknownId;

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="fileOrDirectory">
    /// A directory with <c>tokenizer.json</c> and perhaps <c>tokenizer_config.json</c>, a file in that format,
    /// or a <c>.bin</c> vocabulary of llama2.c.
    /// </param>
    /// <exception cref="TokenizerException">It is missing, malformed, or asks for something not supported.</exception>
    public static Tokenizer Load(string fileOrDirectory)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileOrDirectory);
        return TokenizerFiles.Load(fileOrDirectory);
    }

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, unchanged where they were read.</summary>
    /// <param name="directory">Made where it does not exist.</param>
    /// <exception cref="TokenizerException">It cannot be written to; no file is left half-written.</exception>
    public void Save(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        TokenizerFiles.Save(directory, _jsonFile, _configFile);
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

        List<int> ids = addSpecialTokens ? [.. _json.Template.Prefix] : [];
        List<Piece> pieces = [];
        SymbolChain chain = new();
        foreach ((int? addedToken, Piece between) in _addedTokens.Split(text))
        {
            if (addedToken is int id)
            {
                ids.Add(id);
                continue;
            }

            pieces.Clear();
            _json.PreTokenizer.Split(between, pieces);
            foreach (Piece piece in pieces)
                _json.Model.Encode(piece.Text, chain, ids);
        }

        if (addSpecialTokens)
            ids.AddRange(_json.Template.Suffix);
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

        return string.Concat(_json.Decoder.Decode(tokens));
    }

    /// <summary>The token as the vocabulary spells it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is no token.</exception>
    public string TokenOf(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, VocabularySize);
        return _json.Vocabulary.TokenOf(id);
    }

    /// <summary>The id of a token as the vocabulary spells it; null where it is none.</summary>
    public int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _json.Vocabulary.IdOf(token);
    }
}
