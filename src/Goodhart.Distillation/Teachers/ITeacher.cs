using Goodhart.Distillation.Data;
using Goodhart.Engine.Tensors;

namespace Goodhart.Distillation.Teachers;

/// <summary>Says how likely each next token is.</summary>
public interface ITeacher
{
    /// <summary>Logits at every completion token of a batch; good until the next call.</summary>
    /// <returns>[completion tokens, V].</returns>
    Tensor Logits(ExampleBatch batch);
}
