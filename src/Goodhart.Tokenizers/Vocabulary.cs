namespace Goodhart.Tokenizers;

/// <summary>Tokens and their ids, which run from 0 without holes; the added tokens included.</summary>
sealed class Vocabulary
{
    readonly string[] _tokens;
    readonly Dictionary<string, int> _ids;

    /// <summary>Checks that every token has one id and every id one token.</summary>
    public Vocabulary(IEnumerable<(string Token, int Id)> entries, string where)
    {
        _ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string token, int id) in entries)
        {
            if (!_ids.TryAdd(token, id) && _ids[token] != id)
                throw new TokenizerException($"{where}: the token '{token}' has two ids, {_ids[token]} and {id}.");
        }

        _tokens = new string[_ids.Count];
        foreach ((string token, int id) in _ids)
        {
            if (id >= _tokens.Length)
                throw new TokenizerException(
                    $"{where}: ids should run from 0 without holes; '{token}' has {id}, with {_tokens.Length} tokens.");
            if (_tokens[id] is string other)
                throw new TokenizerException($"{where}: the id {id} belongs to two tokens, '{other}' and '{token}'.");
            _tokens[id] = token;
        }
    }

    public int Count => _tokens.Length;

    public string TokenOf(int id) => _tokens[id];

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;
}
