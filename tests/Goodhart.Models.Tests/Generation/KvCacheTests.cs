using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;
using Goodhart.Models.Tests.Architectures.Llama;

namespace Goodhart.Models.Tests.Generation;

public sealed class KvCacheTests : IDisposable
{
    const int Length = 30;

    readonly Workers _workers = new(1);

    [Theory]
    [InlineData(1, false)]
    [InlineData(17, false)]
    [InlineData(17, true)]
    public void Wherever_it_takes_over_it_gives_what_a_whole_pass_gives(int prefix, bool isWide)
    {
        LlamaModel model = TinyLlama.Create(isWide ? TinyLlama.Wide : TinyLlama.Config);
        int[] ids = TinyLlama.Ids(Length, model.Config);
        Tape tape = new(_workers, recording: false);
        float[] whole = Hidden(model, tape, new TokenBatch(ids, Length), null);

        KvCache cache = model.NewCache(slots: 3, capacity: Length);
        cache.ActiveSlots = new[] { 1 };
        List<float> parts = [.. Hidden(model, tape, new TokenBatch(ids[..prefix], prefix), cache)];
        for (int t = prefix; t < Length; t++)
            parts.AddRange(Hidden(model, tape, new TokenBatch([ids[t]], 1, [t]), cache));

        Assert.Equal(whole.Length, parts.Count);
        Assert.All(whole.Zip(parts), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(Length, cache.Length(1));
        Assert.Equal(0, cache.Length(0));
    }

    public void Dispose() => _workers.Dispose();

    static float[] Hidden(LlamaModel model, Tape tape, TokenBatch batch, KvCache? cache)
    {
        tape.Reset();
        return model.Hidden(tape, batch, cache).Data.ToArray();
    }
}
