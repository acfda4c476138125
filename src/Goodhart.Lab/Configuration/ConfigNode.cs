namespace Goodhart.Lab.Configuration;

/// <summary>A piece of configuration and where it was written, as in <c>tiny.yaml:4</c>.</summary>
abstract record ConfigNode(string Place);

/// <param name="Place">Where it was written.</param>
/// <param name="Text">The text without quotes.</param>
/// <param name="IsPlain">Not quoted, so it may be a number, a truth value or null.</param>
sealed record ScalarNode(string Place, string Text, bool IsPlain) : ConfigNode(Place)
{
    public bool IsNull => IsPlain && Text is "" or "~" or "null";
}

sealed record ListNode(string Place, IReadOnlyList<ConfigNode> Items) : ConfigNode(Place);

/// <remarks>Entries keep their order and their duplicates, so that both can be reported.</remarks>
sealed record MapNode(string Place, List<MapEntry> Entries) : ConfigNode(Place);

sealed record MapEntry(string Place, string Key, ConfigNode Value);
