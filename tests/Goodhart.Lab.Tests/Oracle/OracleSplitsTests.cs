using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Experiments;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Lab.Oracle;

public sealed class OracleSplitsTests : IDisposable
{
    static readonly ExperimentData Data = new() { PromptLength = 3, MaxCompletionLength = 4, SftPrompts = 600, DistillationPrompts = 500, HeldOutPrompts = 400 };

    readonly Workers _workers = new(1);

    [Fact]
    public void The_parts_have_their_sizes_and_share_no_prompt()
    {
        OracleSplits splits = Draw(Oracle(), Data);

        string[] prompts = [.. splits.HeldOut.Concat(splits.Sft).Select(e => e.Ids[..e.PromptLength]).Concat(splits.DistillationPrompts).Select(ids => string.Join(' ', ids))];
        Assert.Equal((400, 600, 500), (splits.HeldOut.Count, splits.Sft.Count, splits.DistillationPrompts.Count));
        Assert.Equal(prompts.Length, prompts.Distinct().Count());
    }

    [Fact]
    public void Prompts_begin_with_bos_and_completions_end_as_the_oracle_ends_them()
    {
        OracleSplits splits = Draw(Oracle(), Data);

        Assert.All(splits.DistillationPrompts, prompt => Assert.Equal((3, 0), (prompt.Length, prompt[0])));
        Assert.All(splits.HeldOut.Concat(splits.Sft), example =>
        {
            Assert.Equal((3, 0), (example.PromptLength, example.Ids[0]));
            Assert.InRange(example.CompletionLength, 1, 4);
            Assert.DoesNotContain(1, example.Ids[..^1]);
            Assert.True(example.CompletionLength == 4 || example.Ids[^1] == 1);
        });
    }

    [Fact]
    public void The_seed_decides_which()
    {
        OracleModel oracle = Oracle();
        ExperimentData few = Data with { SftPrompts = 5, DistillationPrompts = 5, HeldOutPrompts = 5 };

        Assert.Equal(Texts(Draw(oracle, few)), Texts(Draw(oracle, few)));
        Assert.NotEqual(Texts(Draw(oracle, few)), Texts(Draw(oracle, few, seed: 2)));

        static IEnumerable<string> Texts(OracleSplits splits) =>
            splits.HeldOut.Concat(splits.Sft).Select(e => e.Ids).Concat(splits.DistillationPrompts).Select(ids => string.Join(' ', ids));
    }

    [Fact]
    public void More_training_prompts_leave_the_held_out_ones_as_they_are()
    {
        OracleModel oracle = Oracle();

        OracleSplits few = Draw(oracle, Data with { SftPrompts = 5, DistillationPrompts = 5 }), many = Draw(oracle, Data);

        Assert.Equal(many.HeldOut.Select(e => string.Join(' ', e.Ids)), few.HeldOut.Select(e => string.Join(' ', e.Ids)));
    }

    [Fact]
    public void An_oracle_that_repeats_itself_is_refused()
    {
        OracleModel oracle = Oracle();
        foreach (ref float weight in oracle.Model.Parameters["lm_head.weight"].Data)
            weight *= 1e4f;

        ConfigException error = Assert.Throws<ConfigException>(() => Draw(oracle, Data));

        Assert.Contains("1500 different prompts of 3 tokens are wanted, and the oracle repeats itself after", error.Message);
        Assert.Contains("Ask for fewer prompts or longer ones", error.Message);
    }

    [Fact]
    public void Few_beginnings_are_enough_for_few_prompts()
    {
        OracleSplits splits = Draw(Oracle(vocabSize: 6), Data with { PromptLength = 2, SftPrompts = 1, DistillationPrompts = 1, HeldOutPrompts = 2 });

        Assert.Equal(4, splits.HeldOut.Count + splits.Sft.Count + splits.DistillationPrompts.Count);
    }

    [Fact]
    public void Drawing_stops_when_told_to()
    {
        List<(int, int)> told = [];
        OracleSplits.Draw(Oracle(), Data, seed: 1, _workers, (done, total) =>
        {
            told.Add((done, total));
            return false;
        });

        Assert.Equal([(0, 1500), (0, 1500)], told);
    }

    public void Dispose() => _workers.Dispose();

    static OracleModel Oracle(int vocabSize = 258)
    {
        LlamaModel model = TinyExperiment.OracleWeights(vocabSize);
        return new OracleModel(model, Directory: "", model.Config.BosTokenId!.Value);
    }

    OracleSplits Draw(OracleModel oracle, ExperimentData data, long seed = 1) => OracleSplits.Draw(oracle, data, seed, _workers, (_, _) => true);
}
