using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels;
using Goodhart.Engine.Kernels.Divergences;
using Goodhart.Engine.Kernels.Simd;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

// Losses from hidden states on: projection, softmax, loss and gradient, some rows at a time, so that [N, V] logits are never held
// whole. Logits of a chunk lie transposed, in panels of as many rows of the batch as a packed panel is wide: each is then itself the
// packed right operand of the product that gives the gradient of the hidden state, and the heads are read in place.
public sealed partial class Tape
{
    /// <summary>Logits of one model in a chunk, at most, where its rows are at least <see cref="LeastPanels"/>: 2 MB.</summary>
    const int ChunkLength = 1 << 19;

    /// <summary>Panels of rows in a chunk, at least, since the heads are read once for each chunk; fewer where memory is dearer than time.</summary>
    int LeastPanels => GradientCheckpointing ? 2 : 4;

    /// <summary>Rows of a head that a thread takes at a time; a multiple of the tile's six.</summary>
    const int HeadGrain = 4 * MatMulKernel.TileRows;

    /// <summary>The sum over rows of weight T^2 KL(teacher || student): <see cref="ForwardKl(Tensor, Tensor, float)"/> and <see cref="Sum(Tensor, float)"/> without [N, V] logits.</summary>
    /// <remarks>As all losses of a <see cref="Projection"/>, it adds to the head's gradient at once, and to that of the hidden state in <see cref="Backward"/>; its own gradient must there be 1.</remarks>
    /// <param name="student">Whose hidden state and head are trained.</param>
    /// <param name="teacher">A constant of the same rows and vocabulary; its width may differ.</param>
    /// <param name="weight">Of each row, say 1 / tokens of the whole accumulation window.</param>
    /// <param name="temperature">Divides both logits.</param>
    /// <returns>[1, 1], nats.</returns>
    public Tensor ForwardKl(Projection student, Projection teacher, float weight, float temperature = 1) =>
        Loss(nameof(ForwardKl), new DivergenceColumns<ForwardKl>(default, temperature), student, teacher, default, weight, temperature);

    /// <summary>The sum over rows of weight T^2 KL(student || teacher), without [N, V] logits.</summary>
    /// <param name="student">Whose hidden state and head are trained.</param>
    /// <param name="teacher">A constant of the same rows and vocabulary.</param>
    /// <param name="weight">Of each row.</param>
    /// <param name="temperature">Divides both logits.</param>
    /// <returns>[1, 1], nats.</returns>
    public Tensor ReverseKl(Projection student, Projection teacher, float weight, float temperature = 1) =>
        Loss(nameof(ReverseKl), new DivergenceColumns<ReverseKl>(default, temperature), student, teacher, default, weight, temperature);

    /// <summary>The sum over rows of weight T^2 times the generalised Jensen-Shannon divergence, without [N, V] logits.</summary>
    /// <param name="student">Whose hidden state and head are trained.</param>
    /// <param name="teacher">A constant of the same rows and vocabulary.</param>
    /// <param name="weight">Of each row.</param>
    /// <param name="beta">Share of the teacher in the mixture, 0 to 1; the ends are forward and reverse KL, exactly.</param>
    /// <param name="temperature">Divides both logits.</param>
    /// <returns>[1, 1], nats.</returns>
    public Tensor JensenShannon(Projection student, Projection teacher, float weight, float beta = 0.5f, float temperature = 1)
    {
        Throw.Unless(beta is >= 0 and <= 1, $"JensenShannon: beta should be from 0 to 1, got {beta}.");
        return beta switch
        {
            0 => ForwardKl(student, teacher, weight, temperature),
            1 => ReverseKl(student, teacher, weight, temperature),
            _ => Loss(nameof(JensenShannon), new DivergenceColumns<JensenShannon>(new JensenShannon(beta), temperature), student, teacher, default, weight, temperature),
        };
    }

    /// <summary>The sum over rows of weight times the cross-entropy of a target, without [N, V] logits.</summary>
    /// <param name="student">Whose hidden state and head are trained.</param>
    /// <param name="targets">N ids.</param>
    /// <param name="weight">Of each row.</param>
    /// <returns>[1, 1], nats.</returns>
    public Tensor CrossEntropy(Projection student, ReadOnlyMemory<int> targets, float weight)
    {
        (int rows, int vocabulary) = student.Shape;
        CheckTargets(targets, rows, vocabulary);
        return Loss(nameof(CrossEntropy), default(CrossEntropyColumns), student, null, targets, weight, 1);
    }

    Tensor Loss<TLoss>(
        string op, TLoss kind, Projection student, Projection? teacher, ReadOnlyMemory<int> targets, float weight, float temperature)
        where TLoss : struct, IColumnLoss
    {
        CheckProjection(op, student, nameof(student));
        Throw.Unless(temperature > 0, $"{op}: temperature should be above 0, got {temperature}.");
        if (teacher is Projection given)
        {
            CheckProjection(op, given, nameof(teacher));
            Throw.Unless(given.Shape == student.Shape, $"{op}: teacher should give logits of shape {student.Shape}, got {given.Shape}.");
            Throw.Unless(!given.Hidden.RequiresGradient, $"{op}: the teacher's hidden state should be a constant; its gradient is not computed.");
        }

        Tensor loss = New(new Shape(1, 1), student.Hidden, student.Head);
        (int rows, int vocabulary) = student.Shape;
        bool wantsHidden = IsRecording && student.Hidden.RequiresGradient, wantsHead = IsRecording && student.Head.RequiresGradient;
        Memory<float> dHidden = wantsHidden ? _arena.Take(student.Hidden.Shape.Length) : Memory<float>.Empty;
        ArenaMark mark = _arena.Mark();
        int width = PackedPanels.BestWidth, chunk = Math.Min(RoundUp(rows, width), Math.Max(LeastPanels * width, ChunkLength / vocabulary / width * width));
        Memory<float> losses = _arena.Take(RoundUp(rows, width));
        ChunkOfLogits own = new(this, student, chunk), other = teacher is Projection t ? new(this, t, chunk) : own;
        for (int first = 0; first < rows; first += chunk)
        {
            int taken = Math.Min(chunk, rows - first);
            own.Compute(first, taken);
            if (kind.NeedsTeacher)
                other.Compute(first, taken);
            Columns(kind, own.Logits, other.Logits, vocabulary, targets, losses, first, taken, weight, wantsHidden || wantsHead);
            if (wantsHidden)
                own.HiddenGradient(dHidden, first, taken);
            if (wantsHead)
                own.AddHeadGradient(GradientBlock(student.Head), first, taken);
        }

        double sum = 0;
        foreach (float row in losses.Span[..rows])
            sum += row;
        loss.Data[0] = (float)(sum * weight);
        _arena.Rewind(mark);
        return Record(new ProjectedLossOp(student.Hidden, dHidden, loss));
    }

    void Columns<TLoss>(
        TLoss kind, Memory<float> student, Memory<float> teacher, int vocabulary, ReadOnlyMemory<int> targets, Memory<float> losses,
        int first, int taken, float weight, bool wantsGradient)
        where TLoss : struct, IColumnLoss
    {
        int lanes = Vector512.IsHardwareAccelerated ? Lanes512.Count : Lanes256.Count, width = PackedPanels.BestWidth;
        _workers.Run((taken + lanes - 1) / lanes, (item, _) =>
        {
            int row = item * lanes, at = (row / width * width * vocabulary) + (row % width);
            ReadOnlySpan<int> own = targets.IsEmpty ? [] : targets.Span.Slice(first + row, Math.Min(lanes, taken - row));
            Span<float> result = losses.Span.Slice(first + row, lanes);
            if (Vector512.IsHardwareAccelerated)
                Run<Lanes512, Vector512<float>>(kind, student.Span[at..], teacher.Span[at..], width, vocabulary, own, weight, wantsGradient, result);
            else
                Run<Lanes256, Vector256<float>>(kind, student.Span[at..], teacher.Span[at..], width, vocabulary, own, weight, wantsGradient, result);
        });

        static unsafe void Run<TLanes, V>(
            TLoss kind, Span<float> student, Span<float> teacher, int width, int vocabulary, ReadOnlySpan<int> targets, float weight, bool wantsGradient, Span<float> losses)
            where TLanes : struct, ILanes<V>
            where V : struct
        {
            fixed (float* s = student, t = teacher, to = losses)
                TLanes.Store(kind.Columns<TLanes, V>(s, t, width, vocabulary, targets, weight, wantsGradient), to);
        }
    }

    static void CheckProjection(string op, Projection projection, string argument) => Throw.Unless(
        projection.Hidden.Shape.Columns == projection.Head.Shape.Columns,
        $"{op}: {argument}'s hidden state and head should be of one width, got {projection.Hidden.Shape} and {projection.Head.Shape}.");

    static int RoundUp(int rows, int width) => (rows + width - 1) / width * width;

    /// <summary>The logits of some rows, in panels of [V, width], and the products that they take part in.</summary>
    sealed class ChunkOfLogits
    {
        readonly Tape _tape;
        readonly Projection _model;
        readonly Memory<float> _hidden, _hiddenRows, _transposed;
        readonly int _width = PackedPanels.BestWidth, _rowsLength;

        public ChunkOfLogits(Tape tape, Projection model, int rows)
        {
            (_tape, _model) = (tape, model);
            int columns = model.Hidden.Shape.Columns;
            Logits = tape._arena.Take(rows * model.Shape.Columns);
            _hidden = tape._arena.Take(rows * columns);
            if (!tape.IsRecording)
                return;
            _transposed = tape._arena.Take(rows * columns);
            _rowsLength = PackedPanels.LengthFor(_width, columns, _width);
            _hiddenRows = tape._arena.Take(rows / _width * _rowsLength);
        }

        /// <summary>Panel after panel, [V, width] each; after the loss, their gradients.</summary>
        public Memory<float> Logits { get; }

        int Vocabulary => _model.Shape.Columns;

        int Width => _model.Hidden.Shape.Columns;

        public void Compute(int first, int taken)
        {
            int panels = (taken + _width - 1) / _width;
            ReadOnlyMemory<float> hidden = _model.Hidden.Values.Slice(first * Width, taken * Width);
            _tape._workers.Run(panels, (panel, _) => new PackedPanels(_hidden, Width, taken, _width).PackPanelTransposed(panel, hidden.Span));
            _tape._workers.ForRows(Vocabulary, HeadGrain, (row, rows) =>
            {
                for (int panel = 0; panel < panels; panel++)
                {
                    PackedPanels right = new(_hidden.Slice(panel * _width * Width, _width * Width), Width, _width, _width);
                    MatMulKernel.Multiply(_model.Head.Rows(row, rows), Width, 1, right, Panel(panel)[(row * _width)..], rows, 0, 1, add: false);
                }
            });
        }

        /// <summary>dHidden = gradients Head, for these rows.</summary>
        public void HiddenGradient(Memory<float> dHidden, int first, int taken)
        {
            int panels = (taken + _width - 1) / _width, grain = 8 * MatMulKernel.TileRows, blocks = (Width + grain - 1) / grain;
            _tape._workers.Run(panels * blocks, (item, _) =>
            {
                int panel = item / blocks, column = item % blocks * grain, columns = Math.Min(grain, Width - column);
                Span<float> product = _transposed.Span.Slice(((panel * Width) + column) * _width, columns * _width);
                PackedPanels right = new(Logits.Slice(panel * _width * Vocabulary, _width * Vocabulary), Vocabulary, _width, _width);
                MatMulKernel.Multiply(_model.Head.Data[column..], 1, Width, right, product, columns, 0, 1, add: false);
                int row = panel * _width;
                Turn(product, dHidden.Span[(((first + row) * Width) + column)..], columns, Math.Min(_width, taken - row));
            });
        }

        unsafe void Turn(Span<float> product, Span<float> dHidden, int columns, int rows)
        {
            fixed (float* from = product, to = dHidden)
                TransposeKernel.Copy(from, _width, to, Width, columns, rows);
        }

        /// <summary>dHead += transpose(gradients) Hidden, of these rows.</summary>
        public void AddHeadGradient(Memory<float> dHead, int first, int taken)
        {
            int panels = (taken + _width - 1) / _width;
            _tape._workers.Run(panels, (panel, _) =>
            {
                PackedPanels rows = Rows(panel, taken);
                for (int i = 0; i < rows.Count; i++)
                    rows.PackPanel(i, _model.Hidden.Rows(first + panel * _width, rows.Depth));
            });
            _tape._workers.ForRows(Vocabulary, HeadGrain, (row, rows) =>
            {
                for (int panel = 0; panel < panels; panel++)
                {
                    PackedPanels right = Rows(panel, taken);
                    MatMulKernel.Multiply(Panel(panel)[(row * _width)..], _width, 1, right, dHead.Span.Slice(row * Width, rows * Width), rows, 0, right.Count, add: true);
                }
            });
        }

        Span<float> Panel(int panel) => Logits.Span.Slice(panel * _width * Vocabulary, _width * Vocabulary);

        PackedPanels Rows(int panel, int taken) =>
            new(_hiddenRows.Slice(panel * _rowsLength, _rowsLength), Math.Min(_width, taken - panel * _width), Width, _width);
    }

    sealed class ProjectedLossOp(Tensor hidden, Memory<float> dHidden, Tensor loss) : Op(loss)
    {
        public override void Backward(Tape tape)
        {
            float own = tape.GradientOf(Output)[0];
            Throw.Unless(own == 1, $"Backward: the loss of a projection should be summed with weight 1, got {own}; give the weight to the loss.");
            if (!hidden.RequiresGradient)
                return;
            Memory<float> gradient = tape.GradientBlock(hidden);
            tape.AddRows(gradient, dHidden, gradient, hidden.Shape);
        }
    }
}
