using Goodhart.Distillation.Data;
using Goodhart.Distillation.Data.Files;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Distillation.Tests.Data.Files;

public sealed class DataFileTests : IDisposable
{
    const string Template =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    readonly TemporaryFolder _folder = new();
    readonly Tokenizer _tokenizer;

    public DataFileTests()
    {
        string directory = Path.Combine(_folder.Path, "tokenizer");
        BpeTrainer.Train(["once upon a time a dog said hello"], new BpeTrainerOptions { VocabularySize = 270 }).Save(directory);
        File.WriteAllText(Path.Combine(directory, "chat_template.jinja"), Template);
        _tokenizer = Tokenizer.Load(directory);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"prompt":"once","completion":" upon a time"}""", " upon a time<eos>")]
    [InlineData("""{"text":"once upon a time"}""", "once upon a time<eos>")]
    [InlineData("""{"instruction":"say","input":"it","output":"hello"}""", "hello<eos>")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}""", "b<eos>d<eos>")]
    [InlineData("""{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}""", "b<eos>")]
    public void What_is_learnt_is_the_completion_or_the_turns_of_the_assistant_and_where_they_end(string line, string learnt)
    {
        Example example = Encoder().Encode(Lines(line)[0])!;

        string text = _tokenizer.Decode([.. Enumerable.Range(0, example.Ids.Length).Where(example.IsLearnt).Select(t => example.Ids[t])], skipSpecialTokens: false);
        Assert.Equal(learnt.Replace("<eos>", _tokenizer.TokenOf(_tokenizer.EosId!.Value)), text);
        Assert.Equal(example.CompletionLength, new ExampleBatch([example]).Targets.Length);
    }

    [Fact]
    public void A_prompt_without_completion_is_what_a_model_is_given_to_answer()
    {
        DataFile file = Lines("""{"prompt":"once"}""", """{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}""");

        Assert.Equal([false, true], new[] { file.HasCompletion(0), file.HasCompletion(1) });
        Assert.Equal("once", _tokenizer.Decode(Encoder().Prompt(file[0])!));
        Assert.EndsWith("<assistant>", _tokenizer.Decode(Encoder().Prompt(file[1])!));
    }

    [Theory]
    [InlineData("""{"promt":"once"}""", ":2: should have 'messages', 'prompt', 'text' or 'instruction', got 'promt'.")]
    [InlineData("""["once"]""", ":2: should be a JSON object")]
    [InlineData("""{"prompt":""", ":2: is not JSON")]
    [InlineData("""{"text":" "}""", ":2: 'text' is blank")]
    [InlineData("""{"prompt":3}""", ":2: 'prompt' should be a text, got number.")]
    [InlineData("""{"messages":[]}""", ":2: 'messages' should be a list of messages")]
    [InlineData("""{"messages":[{"role":"user"}]}""", ":2: messages[0]: a message of 'user' should have 'content'.")]
    public void A_line_that_cannot_be_used_is_named_with_its_place(string line, string expected)
    {
        CorpusException problem = Assert.Throws<CorpusException>(() => Lines("""{"text":"fine"}""", line));

        Assert.StartsWith(Path.Combine(_folder.Path, "data.jsonl") + expected, problem.Message);
    }

    [Fact]
    public void What_is_too_long_loses_its_end_and_a_prompt_that_leaves_no_room_is_left_out()
    {
        ExampleEncoder encoder = Encoder(maxLength: 6);
        DataFile file = Lines("""{"prompt":"xyz","completion":"wwwwwwww"}""", """{"prompt":"xyzxyzxyz","completion":"w"}""", """{"prompt":"x","completion":"w"}""");

        Example cut = encoder.Encode(file[0])!;
        Assert.Equal(6, cut.Ids.Length);
        Assert.NotEqual(_tokenizer.EosId, cut.Ids[^1]);
        Assert.Null(encoder.Encode(file[1]));
        Assert.Equal(_tokenizer.EosId, encoder.Encode(file[2])!.Ids[^1]);
        Assert.Equal((1, 1), (encoder.Truncated, encoder.LeftOut));
    }

    [Fact]
    public void No_prompt_is_in_both_parts_whatever_its_capitals_and_the_same_are_held_out_in_any_order()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => $$"""{"prompt":"{{(i % 3 == 0 ? "Tell" : "tell")}} me {{i % 20}}","completion":"{{i}}"}""")];
        DataFile file = Lines(lines);
        DataSplit split = DataSplit.ByPrompt(file, 5, seed: 1);

        Assert.Equal(5, split.HeldOut.Count);
        Assert.Equal(30, split.Training.Count);
        Assert.Empty(split.HeldOut.Select(file.Key).Intersect(split.Training.Select(file.Key)));
        UInt128[] held = [.. split.HeldOut.Select(file.Key).Order()];
        DataFile other = Lines([.. lines.Reverse()]);
        Assert.Equal(held, DataSplit.ByPrompt(other, 5, seed: 1).HeldOut.Select(other.Key).Order());
        Assert.Throws<CorpusException>(() => DataSplit.ByPrompt(file, 20, seed: 1));
    }

    [Fact]
    public void A_training_prompt_that_almost_repeats_a_held_out_one_is_found()
    {
        const string Long = "the small brown dog ran over the green hill to find its very best friend in the world";
        DataFile file = Lines($$"""{"prompt":"{{Long}}"}""", $$"""{"prompt":"{{Long}} today"}""", """{"prompt":"a story of a cat that slept on a mat all through the day"}""");

        Assert.Equal((0, 1), Assert.Single(NearDuplicates.Find(file, new DataSplit([1, 2], [0]))));
        Assert.Empty(NearDuplicates.Find(file, new DataSplit([0, 1], [2])));
    }

    [Fact]
    public void A_file_that_changes_while_it_is_used_is_refused()
    {
        DataFile file = Lines("""{"text":"once"}""", """{"text":"upon"}""");
        File.WriteAllText(file.Path, "{\"text\":\"ooonce\"}\n{\"text\":\"up\"}\n");

        Assert.Contains("has changed", Assert.Throws<CorpusException>(() => file[1]).Message);
    }

    ExampleEncoder Encoder(int maxLength = 200) => new(_tokenizer, maxLength, 4, _tokenizer.EosId, _tokenizer.BosId);

    DataFile Lines(params string[] lines)
    {
        string path = Path.Combine(_folder.Path, "data.jsonl");
        File.WriteAllText(path, "\uFEFF" + string.Join("\r\n", lines));
        return new DataFile(path);
    }
}
