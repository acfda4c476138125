namespace Goodhart.Lab.Configuration;

/// <summary>A configuration record with rules that its types cannot express.</summary>
public interface IValidated
{
    /// <summary>Every broken rule as <c>key: rule, got value</c>; the key is a snake_case name of this record.</summary>
    IEnumerable<string> Validate();
}
