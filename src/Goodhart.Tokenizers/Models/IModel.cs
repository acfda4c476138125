namespace Goodhart.Tokenizers.Models;

/// <summary>Turns one piece of text into ids. Many threads may share one.</summary>
interface IModel
{
    /// <summary>All tokens of the model and their ids.</summary>
    IEnumerable<KeyValuePair<string, int>> Tokens { get; }

    /// <summary>The id of what no token represents; null where there is none.</summary>
    int? UnknownId { get; }

    /// <summary>Appends the ids of one piece.</summary>
    void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
