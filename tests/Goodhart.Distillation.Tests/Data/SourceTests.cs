using Goodhart.Distillation.Data;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models.Generation;

namespace Goodhart.Distillation.Tests.Data;

public sealed class SourceTests : IDisposable
{
    static readonly int[][] Prompts = [[1], [2, 3], [4, 5, 6], [7], [8, 9]];

    readonly Workers _workers = new(1);

    [Fact]
    public void An_offline_source_visits_each_example_once_an_epoch_in_another_order()
    {
        Example[] examples = Tiny.Examples(10);
        OfflineSource source = Tiny.Source(examples);

        Example[][] epochs = [.. Enumerable.Range(0, 20).Select(_ => Draw(source, 3, 3, 4))];

        Assert.All(epochs, epoch => Assert.Equal(examples.ToHashSet(), epoch.ToHashSet()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.Equal(200, source.Ledger.Visits);
        Assert.Equal(20, source.Ledger.Reuse);
    }

    [Fact]
    public void The_order_of_an_offline_source_follows_its_stream()
    {
        Example[] examples = Tiny.Examples(10);

        Assert.Equal(Draw(Tiny.Source(examples), 25), Draw(Tiny.Source(examples), 5, 20));
        Assert.NotEqual(Draw(Tiny.Source(examples), 10), Draw(Tiny.Source(examples, seed: 2), 10));
    }

    [Fact]
    public void An_online_source_writes_to_each_prompt_once_an_epoch_with_a_stream_of_its_own()
    {
        List<long> visits = [];
        OnlineSource source = Online(ahead: 3, visit =>
        {
            visits.Add(visit);
            return new Rng(1, "visits", visit);
        });

        Example[] drawn = Draw(source, 4, 1, 5);

        Assert.Equal(Enumerable.Range(0, visits.Count).Select(i => (long)i), visits.Order());
        Assert.All(drawn.Chunk(Prompts.Length), epoch => Assert.Equal(
            Prompts.Select(p => string.Join(' ', p)).Order(), epoch.Select(e => string.Join(' ', e.Ids[..e.PromptLength])).Order()));
        Assert.Equal(10, source.Ledger.Visits);
        Assert.Equal(Prompts.Length, source.Ledger.UniquePrompts);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void Writing_ahead_does_not_change_what_a_fixed_writer_writes(int ahead) =>
        Assert.Equal(Texts(Draw(Online(1), 4, 4, 4)), Texts(Draw(Online(ahead), 1, 3, 8)));

    [Fact]
    public void Without_writing_ahead_a_changing_writer_is_always_the_present_one()
    {
        Models.Architectures.Llama.LlamaModel student = Tiny.Model(1);
        OnlineSource source = new(Prompts, new Generator(student, _workers), new() { MaxNewTokens = 6 }, new Rng(1, "order"), Stream);
        OnlineSource fresh = new(Prompts, new Generator(Tiny.Model(2), _workers), new() { MaxNewTokens = 6 }, new Rng(1, "order"), Stream);

        source.Next(4);
        fresh.Next(4);
        student.Parameters.CopyFrom(Tiny.Model(2).Parameters);

        Assert.Equal(Texts([.. fresh.Next(4)]), Texts([.. source.Next(4)]));
    }

    public void Dispose() => _workers.Dispose();

    OnlineSource Online(int ahead, Func<long, Rng>? streamOfVisit = null) => new(
        Prompts, new Generator(Tiny.Model(1), _workers), new() { MaxNewTokens = 6 }, new Rng(1, "order"), streamOfVisit ?? Stream, ahead);

    static Rng Stream(long visit) => new(1, "visits", visit);

    static Example[] Draw(IExampleSource source, params int[] counts) => [.. counts.SelectMany(source.Next)];

    static IEnumerable<string> Texts(Example[] examples) => examples.Select(e => $"{e.PromptLength}: {string.Join(' ', e.Ids)}");
}
