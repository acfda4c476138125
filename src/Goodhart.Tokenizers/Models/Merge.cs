namespace Goodhart.Tokenizers.Models;

/// <summary>Two neighbouring tokens and the one that takes their place; its rank is its index in the list.</summary>
readonly record struct Merge(int Left, int Right, int Product);
