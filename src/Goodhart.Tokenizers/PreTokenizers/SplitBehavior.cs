namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>What becomes of the matches when a text is split at them.</summary>
enum SplitBehavior
{
    /// <summary>They are dropped.</summary>
    Removed,

    /// <summary>Each is a piece of its own.</summary>
    Isolated,

    /// <summary>Each ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Neighboring matches are one piece.</summary>
    Contiguous,
}
