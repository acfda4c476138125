using Goodhart.Tokenizers;

namespace Goodhart.Cli.Generation;

/// <summary>Turns ids into text one by one, holding back what may still become another character.</summary>
/// <remarks>
/// Whether a token begins with a space can depend on what is before it, so each piece is what it adds to the text of the
/// piece before; decoding two pieces takes the same time at the end of a long text as at its beginning.
/// </remarks>
sealed class TextStream(Tokenizer tokenizer, IReadOnlyList<int> prompt)
{
    const char Unfinished = '\uFFFD';

    readonly List<int> _ids = [.. prompt];
    int _before;
    int _shown = prompt.Count;

    /// <summary>The new text; empty while a character is unfinished.</summary>
    public string Add(int id)
    {
        _ids.Add(id);
        string text = New();
        if (text.EndsWith(Unfinished))
            return "";
        (_before, _shown) = (_shown, _ids.Count);
        return text;
    }

    /// <summary>What was held back, now that nothing more comes.</summary>
    public string End()
    {
        string text = New();
        _shown = _ids.Count;
        return text;
    }

    string New()
    {
        string shown = Decode(_shown), all = Decode(_ids.Count);
        return all.Length > shown.Length ? all[shown.Length..] : "";
    }

    string Decode(int end) => tokenizer.Decode(_ids[_before..end]);
}
