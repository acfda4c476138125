using System.Diagnostics;
using FsCheck.Xunit;

namespace Goodhart.Lab.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_sets_what_it_names_and_leaves_the_other_defaults()
    {
        SampleConfig config = Load("""
            seed: 7
            learning_rate: 2e-3
            bf16: true
            loss: reverse_kl
            dataset_path: null
            teacher:
              num_hidden_layers: 6
            temperatures: [0.5, 1]
            arms:
              - name: offline
              - name: online-student
                data: { source: student }
            """);

        Assert.Equal(7, config.Seed);
        Assert.Equal(2e-3, config.LearningRate);
        Assert.True(config.Bf16);
        Assert.Equal(SampleLoss.ReverseKl, config.Loss);
        Assert.Null(config.DatasetPath);
        Assert.Equal([0.5, 1], config.Temperatures);
        Assert.Equal(["offline", "online-student"], config.Arms.Select(arm => arm.Name));
        Assert.Equal("student", config.Arms[1].Data.Source);
    }

    [Fact]
    public void A_section_written_in_part_keeps_the_defaults_of_its_owner()
    {
        SampleConfig config = Load("teacher: { num_hidden_layers: 6 }", "student.hidden_size=24");

        Assert.Equal(new SampleModel { HiddenSize = 48, NumHiddenLayers = 6 }, config.Teacher);
        Assert.Equal(new SampleModel { HiddenSize = 24, NumHiddenLayers = 3 }, config.Student);
        Assert.Equal(48, new SampleConfig().Teacher.HiddenSize);
    }

    [Fact]
    public void Without_a_file_the_defaults_and_the_overrides_make_the_configuration()
    {
        SampleConfig config = ConfigFile.Load<SampleConfig>(null, ["seed=3", "data.source=mixed", "data.student_fraction=0.5"]);

        Assert.Equal(3, config.Seed);
        Assert.Equal(0.5, config.Data.StudentFraction);
        Assert.Equal(1e-3, config.LearningRate);
    }

    [Fact]
    public void Overrides_win_over_the_file_and_the_last_one_over_the_others()
    {
        SampleConfig config = Load("seed: 1\ndata: { source: student }", "seed=2", "seed=3", "data.completions_per_prompt=4");

        Assert.Equal(3, config.Seed);
        Assert.Equal(new SampleData { Source = "student", CompletionsPerPrompt = 4 }, config.Data);
    }

    [Theory]
    [InlineData("title=a: b # c", "a: b # c")]
    [InlineData("title=x=y", "x=y")]
    [InlineData("title='null'", "null")]
    [InlineData("title=C:\\runs", "C:\\runs")]
    public void An_override_takes_a_text_as_it_stands(string text, string title) =>
        Assert.Equal(title, Load("seed: 1", text).Title);

    [Fact]
    public void An_override_may_be_a_list_in_brackets() =>
        Assert.Equal([0.7, 1], Load("seed: 1", "temperatures=[0.7, 1]").Temperatures);

    [Fact]
    public void Every_problem_is_reported_at_once_with_its_place()
    {
        IReadOnlyList<string> problems = Problems("""
            seed: seven
            lerning_rate: 1
            loss: forwrd_kl
            data:
              sorce: teacher
              completions_per_prompt: 1.5
            teacher: 48
            temperatures: 1
            bf16: "true"
            seed: 8
            title:
            """, "data.sauce=x", "nonsense", "arms=[{data: {}}]");

        Assert.Equal(
        [
            "tiny.yaml:1: 'seed' should be a whole number, got 'seven'.",
            "tiny.yaml:2: unknown key 'lerning_rate'. Did you mean 'learning_rate'?",
            "tiny.yaml:3: 'loss' should be one of forward_kl, reverse_kl, jsd, got 'forwrd_kl'. Did you mean 'forward_kl'?",
            "tiny.yaml:5: unknown key 'data.sorce'. Did you mean 'source'?",
            "tiny.yaml:6: 'data.completions_per_prompt' should be a whole number, got '1.5'.",
            "override 'data.sauce=x': unknown key 'data.sauce'. Did you mean 'source'?",
            "tiny.yaml:7: 'teacher' should be a section of keys, got '48'.",
            "tiny.yaml:8: 'temperatures' should be a list, got '1'.",
            "tiny.yaml:9: 'bf16' should be true or false, got the text 'true'.",
            "tiny.yaml:10: 'seed' is given twice, first at tiny.yaml:1. Keep one.",
            "tiny.yaml:11: 'title' needs a value: a text.",
            "override 'arms=[{data: {}}]': 'arms[0].name' is required: a text.",
            "override 'nonsense': should read key=value or section.key=value.",
        ], problems);
    }

    [Fact]
    public void An_override_cannot_reach_into_a_list_or_below_a_value() => Assert.Equal(
        [
            "override 'seed.x=1': 'seed' should be a whole number, got a section of keys.",
            "override 'arms.name=x': 'arms' is a list. Replace it as a whole: arms=[...].",
        ],
        Problems("seed: 1\narms: []", "seed.x=1", "arms.name=x"));

    [Fact]
    public void A_key_far_from_all_others_is_answered_with_the_list() => Assert.Equal(
        ["tiny.yaml:1: unknown key 'data.zzzzzz'. Known keys: source, completions_per_prompt, student_fraction."],
        Problems("data: { zzzzzz: 1 }"));

    [Fact]
    public void Rules_of_a_record_are_reported_at_the_line_of_their_key() => Assert.Equal(
        [
            "tiny.yaml:3: data.completions_per_prompt: should be at least 1, got 0",
            "override 'data.student_fraction=0.5': data.student_fraction: has no effect with source teacher",
            "tiny.yaml:1: learning_rate: should be positive, got -1",
        ],
        Problems("learning_rate: -1\ndata:\n  completions_per_prompt: 0", "data.student_fraction=0.5"));

    [Theory]
    [InlineData("", "tiny.yaml: the file is empty.")]
    [InlineData("# only a comment\n", "tiny.yaml: the file is empty.")]
    [InlineData("- 1", "tiny.yaml: should be a section of keys, as in 'seed: 1'.")]
    [InlineData("seed: 1\n---\nseed: 2", "tiny.yaml:2: a second document starts here. Keep one.")]
    [InlineData("seed: [1, 2]", "tiny.yaml:1: 'seed' should be a whole number, got a list.")]
    [InlineData("title: {a: 1}", "tiny.yaml:1: 'title' should be a text, got a section of keys.")]
    [InlineData("learning_rate: .inf", "tiny.yaml:1: 'learning_rate' should be a number, got '.inf'.")]
    [InlineData("learning_rate: 1e999", "tiny.yaml:1: 'learning_rate' should be a number, got '1e999'.")]
    [InlineData("data: {completions_per_prompt: 3000000000}",
        "tiny.yaml:1: 'data.completions_per_prompt' should be a whole number, got '3000000000'.")]
    [InlineData("a: &x 1\ntitle: *x", "tiny.yaml:2: aliases (*name) are not supported. Write the value out.")]
    public void Each_kind_of_mistake_has_one_clear_message(string yaml, string message) =>
        Assert.Equal([message], Problems(yaml));

    [Fact]
    public void Broken_yaml_names_the_line() =>
        Assert.StartsWith("tiny.yaml:2: not valid YAML: ", Assert.Single(Problems("seed: 1\ndata: [1, 2")), StringComparison.Ordinal);

    [Fact]
    public void Text_that_is_not_utf8_names_the_line_and_the_byte()
    {
        File.WriteAllBytes(_folder.PathOf("tiny.yaml"), [.. "seed: 1\ntitle: caf"u8, 0xE9, (byte)'\n']);
        Assert.Equal(["tiny.yaml:2: not UTF-8 text (byte 18). Save the file as UTF-8."], ProblemsOfFile());
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Equal(["tiny.yaml: no such file."], ProblemsOfFile());
        Directory.CreateDirectory(_folder.PathOf("tiny.yaml"));
        Assert.Equal(["tiny.yaml: is a folder. Name the YAML file inside it."], ProblemsOfFile());
    }

    [Theory]
    [InlineData("bomb")]
    [InlineData("deep flow")]
    [InlineData("deep block")]
    [InlineData("long")]
    [InlineData("long key")]
    public void A_hostile_file_is_refused_quickly(string kind)
    {
        string yaml = kind switch
        {
            "bomb" => "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghijk".Select((letter, i) =>
                $"{letter}: &{letter} [{string.Join(',', Enumerable.Repeat("*" + "abcdefghij"[i], 9))}]\n")),
            "deep flow" => "title: " + new string('[', 200_000),
            "deep block" => string.Concat(Enumerable.Range(0, 600).Select(i => new string(' ', i) + "a:\n")),
            "long" => "title: " + new string('x', 300_000),
            _ => new string('x', 200_000) + ": 1",
        };

        Stopwatch watch = Stopwatch.StartNew();
        Assert.NotEmpty(Problems(yaml));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Fact]
    public void The_resolved_configuration_names_every_key_in_a_stable_order() => Assert.Equal("""
        seed: 1
        learning_rate: 0.001
        bf16: false
        loss: forward_kl
        dataset_path: null
        title: ''
        teacher:
          hidden_size: 48
          num_hidden_layers: 4
        student:
          hidden_size: 32
          num_hidden_layers: 3
        data:
          source: teacher
          completions_per_prompt: 1
          student_fraction: null
        temperatures: [1]
        arms:
        - name: 'null'
          data:
            source: teacher
            completions_per_prompt: 1
            student_fraction: null

        """, ConfigFile.ToYaml(new SampleConfig { Arms = [new SampleArm { Name = "null" }] }).Replace('"', '\''));

    [Property(MaxTest = 300)]
    public void Any_text_and_number_survives_being_written_and_read(FsCheck.NonNull<string> title, double rate, long seed)
    {
        SampleConfig config = new()
        {
            Title = string.Concat(title.Get.EnumerateRunes()),
            LearningRate = double.IsFinite(rate) && rate != 0 ? Math.Abs(rate) : 1,
            Seed = seed,
        };
        string yaml = ConfigFile.ToYaml(config);
        File.WriteAllText(_folder.PathOf("tiny.yaml"), yaml);

        SampleConfig read = ConfigFile.Load<SampleConfig>(_folder.PathOf("tiny.yaml"), []);

        Assert.Equal((config.Title, config.LearningRate, config.Seed), (read.Title, read.LearningRate, read.Seed));
    }

    SampleConfig Load(string yaml, params string[] overrides) =>
        ConfigFile.Load<SampleConfig>(_folder.Write("tiny.yaml", yaml), overrides);

    IReadOnlyList<string> Problems(string yaml, params string[] overrides)
    {
        _folder.Write("tiny.yaml", yaml);
        return ProblemsOfFile(overrides);
    }

    IReadOnlyList<string> ProblemsOfFile(params string[] overrides)
    {
        ConfigException e = Assert.Throws<ConfigException>(
            () => ConfigFile.Load<SampleConfig>(_folder.PathOf("tiny.yaml"), overrides));
        return [.. e.Problems.Select(problem => problem.Replace(_folder.Path + "/", "", StringComparison.Ordinal))];
    }
}
