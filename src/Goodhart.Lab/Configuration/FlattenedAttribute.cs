namespace Goodhart.Lab.Configuration;

/// <summary>The keys of this section stand among those of the record that holds it, as Hugging Face's trainers have them.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class FlattenedAttribute : Attribute;
