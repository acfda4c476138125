using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;

namespace Goodhart.Distillation.Teachers;

/// <summary>Says how likely each next token is.</summary>
public interface ITeacher
{
    /// <summary>Logits at every completion token of a batch, not computed yet; good until the next call.</summary>
    /// <returns>Of shape [completion tokens, V].</returns>
    Projection Project(ExampleBatch batch);
}
