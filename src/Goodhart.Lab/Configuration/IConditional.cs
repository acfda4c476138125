namespace Goodhart.Lab.Configuration;

/// <summary>A configuration record some of whose keys mean nothing under some values of others.</summary>
/// <remarks>Such a key is refused where it is written, and left out of the resolved configuration.</remarks>
public interface IConditional
{
    /// <summary>Every key that has no effect as things are, and why.</summary>
    IEnumerable<(string Key, string Why)> WithoutEffect();
}
