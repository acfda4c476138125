using Goodhart.Engine.Kernels.Divergences;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>T^2 KL(teacher || student) of next-token distributions, row by row.</summary>
    /// <param name="student">[N, V] logits.</param>
    /// <param name="teacher">[N, V] logits; a constant.</param>
    /// <param name="temperature">Divides both logits.</param>
    /// <returns>[N, 1], nats.</returns>
    public Tensor ForwardKl(Tensor student, Tensor teacher, float temperature = 1) =>
        Divergence(nameof(ForwardKl), default(ForwardKl), student, teacher, temperature);

    /// <summary>T^2 KL(student || teacher), row by row.</summary>
    /// <param name="student">[N, V] logits.</param>
    /// <param name="teacher">[N, V] logits; a constant.</param>
    /// <param name="temperature">Divides both logits.</param>
    /// <returns>[N, 1], nats.</returns>
    public Tensor ReverseKl(Tensor student, Tensor teacher, float temperature = 1) =>
        Divergence(nameof(ReverseKl), default(ReverseKl), student, teacher, temperature);

    /// <summary>T^2 times the generalised Jensen-Shannon divergence, row by row; forward KL at beta 0 and reverse KL at 1, exactly.</summary>
    /// <param name="student">[N, V] logits.</param>
    /// <param name="teacher">[N, V] logits; a constant.</param>
    /// <param name="beta">Share of the teacher in the mixture, 0 to 1. Between the ends the value shrinks with the distance to the nearer one.</param>
    /// <param name="temperature">Divides both logits.</param>
    /// <returns>[N, 1], nats.</returns>
    public Tensor JensenShannon(Tensor student, Tensor teacher, float beta = 0.5f, float temperature = 1)
    {
        Throw.Unless(beta is >= 0 and <= 1, $"JensenShannon: beta should be from 0 to 1, got {beta}.");
        return beta switch
        {
            0 => ForwardKl(student, teacher, temperature),
            1 => ReverseKl(student, teacher, temperature),
            _ => Divergence(nameof(JensenShannon), new JensenShannon(beta), student, teacher, temperature),
        };
    }

    Tensor Divergence<TDivergence>(string op, TDivergence divergence, Tensor student, Tensor teacher, float temperature)
        where TDivergence : struct, IDivergence
    {
        (int rows, int columns) = student.Shape;
        Throw.UnlessShape(op, teacher, student.Shape, nameof(teacher));
        Throw.Unless(!teacher.RequiresGradient, $"{op}: the teacher's logits should be a constant; its gradient is not computed.");
        Throw.Unless(temperature > 0, $"{op}: temperature should be above 0, got {temperature}.");

        Tensor loss = New(new Shape(rows, 1), student), saved = New(new Shape(rows, 3));
        _workers.ForRows(rows, LossGrain(columns), (first, count) => DivergenceKernel.Forward(
            divergence, teacher.Rows(first, count), student.Rows(first, count), loss.Rows(first, count), saved.Rows(first, count), columns, temperature));
        return Record(new DivergenceOp<TDivergence>(divergence, student, teacher, saved, loss, temperature));
    }

    sealed class DivergenceOp<TDivergence>(
        TDivergence divergence, Tensor student, Tensor teacher, Tensor saved, Tensor loss, float temperature) : Op(loss)
        where TDivergence : struct, IDivergence
    {
        public override void Backward(Tape tape)
        {
            (int rows, int columns) = student.Shape;
            Memory<float> dLoss = tape.GradientBlock(Output), dStudent = tape.GradientBlock(student);
            tape._workers.ForRows(rows, LossGrain(columns), (first, count) => DivergenceKernel.Backward(
                divergence, RowsOf(dLoss, first, count, 1), teacher.Rows(first, count), student.Rows(first, count), saved.Rows(first, count),
                RowsOf(dStudent, first, count, columns), columns, temperature));
        }
    }
}
