using Goodhart.Distillation.Losses;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Distillation.Tests.Losses;

public sealed class DistillationLossTests : IDisposable
{
    static readonly float[] StudentLogits = [1, 0.5f, -0.5f, 0, 2];
    static readonly float[] TeacherLogits = [2, 1, 0, -1, 1.5f];

    readonly Workers _workers = new(1);

    [Theory]
    [InlineData(LossKind.ForwardKl, 0.23865499)]
    [InlineData(LossKind.ReverseKl, 0.24093991)]
    [InlineData(LossKind.Jsd, 0.05836760)]
    [InlineData(LossKind.Ce, 2.09245900)]
    public void Each_kind_is_the_distance_of_its_name(LossKind kind, double expected) =>
        Assert.Equal(expected, Loss(new() { Kind = kind }), 1e-6);

    [Fact]
    public void The_ends_of_jsd_are_the_two_divergences_exactly()
    {
        Assert.Equal(Loss(new() { Kind = LossKind.ForwardKl }), Loss(new() { Kind = LossKind.Jsd, Beta = 0 }));
        Assert.Equal(Loss(new() { Kind = LossKind.ReverseKl }), Loss(new() { Kind = LossKind.Jsd, Beta = 1 }));
    }

    [Fact]
    public void Temperature_divides_both_logits_and_its_square_multiplies_the_loss()
    {
        float[] student = Array.ConvertAll(StudentLogits, z => z / 2), teacher = Array.ConvertAll(TeacherLogits, z => z / 2);

        Assert.Equal(4 * Loss(new(), student, teacher), Loss(new() { LossTemperature = 2 }), 1e-6);
    }

    [Fact]
    public void Only_cross_entropy_needs_no_teacher() => Assert.Equal(
        [LossKind.Ce], Enum.GetValues<LossKind>().Where(kind => !new DistillationLoss { Kind = kind }.NeedsTeacher));

    [Theory]
    [InlineData(LossKind.ForwardKl, "KL(teacher || student)")]
    [InlineData(LossKind.ReverseKl, "KL(student || teacher)")]
    [InlineData(LossKind.Jsd, "0.25 KL(teacher || m) + 0.75 KL(student || m), m = 0.25 teacher + 0.75 student")]
    [InlineData(LossKind.Ce, "-log student(token)")]
    public void The_formula_is_written_out(LossKind kind, string formula) =>
        Assert.Equal(formula, new DistillationLoss { Kind = kind, Beta = 0.25 }.Formula);

    [Fact]
    public void Every_problem_has_its_message()
    {
        Assert.Empty(new DistillationLoss().Validate());
        Assert.Equal(
            ["beta: should be from 0 to 1, got 1.5.", "loss_temperature: should be above 0, got 0."],
            new DistillationLoss { Beta = 1.5, LossTemperature = 0 }.Validate());
        Assert.Equal(2, new DistillationLoss { Beta = double.NaN, LossTemperature = double.NaN }.Validate().Count());
    }

    public void Dispose() => _workers.Dispose();

    float Loss(DistillationLoss loss) => Loss(loss, StudentLogits, TeacherLogits);

    float Loss(DistillationLoss loss, float[] student, float[] teacher)
    {
        float[] identity = new float[student.Length * student.Length];
        for (int i = 0; i < student.Length; i++)
            identity[i * (student.Length + 1)] = 1;
        Tensor head = Tensor.Constant(identity, new Shape(student.Length, student.Length));
        return loss.Sum(new Tape(_workers), Of(student), Of(teacher), [1], weight: 1).Data[0];

        Projection Of(float[] logits) => new(Tensor.Constant(logits, new Shape(1, logits.Length)), head);
    }
}
