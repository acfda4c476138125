using Goodhart.Distillation.Data;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests.Teachers;

public sealed class CachedTeacherTests : IDisposable
{
    const int All = int.MaxValue;

    readonly Workers _workers = new(1);
    readonly LlamaModel _model = Tiny.Model(1);

    [Theory]
    [InlineData(All)]
    [InlineData(500)]
    [InlineData(0)]
    public void It_says_bit_for_bit_what_a_live_teacher_says(int largestBytes)
    {
        LiveTeacher live = new(_model, _workers);
        CachedTeacher cached = new(new LiveTeacher(_model, _workers), largestBytes);
        OfflineSource source = Tiny.Source(Tiny.Examples(12));

        for (int step = 0; step < 30; step++)
        {
            ExampleBatch batch = new(source.Next(1 + step % 5));
            Projection expected = live.Project(batch), actual = cached.Project(batch);
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(expected.Hidden.Data.ToArray(), actual.Hidden.Data.ToArray());
            Assert.Same(expected.Head, actual.Head);
        }
    }

    [Theory]
    [InlineData(All, 3)]
    [InlineData(0, 15)]
    public void It_asks_about_an_example_once_while_there_is_room(int largestBytes, int expected)
    {
        CountingTeacher counting = new(new LiveTeacher(_model, _workers));
        CachedTeacher cached = new(counting, largestBytes);
        OfflineSource source = Tiny.Source(Tiny.Examples(12));

        for (int step = 0; step < 15; step++)
            cached.Project(new ExampleBatch(source.Next(4)));

        Assert.Equal(expected, counting.Asked);
    }

    [Fact]
    public void Equal_examples_drawn_twice_are_two_examples()
    {
        CachedTeacher cached = new(new LiveTeacher(_model, _workers));
        ExampleBatch batch = new([Example.Of([1], [2, 3]), Example.Of([1], [2, 3])]);

        float[] first = cached.Project(batch).Hidden.Data.ToArray();

        Assert.Equal(first, cached.Project(batch).Hidden.Data.ToArray());
    }

    public void Dispose() => _workers.Dispose();

    sealed class CountingTeacher(ITeacher teacher) : ITeacher
    {
        public int Asked { get; private set; }

        public Projection Project(ExampleBatch batch)
        {
            Asked++;
            return teacher.Project(batch);
        }
    }
}
