namespace Goodhart.Cli.Commands;

public class MistypedTests
{
    [Theory]
    [InlineData("unknown verb 'lba'. Did you mean 'lab'?", "lba")]
    [InlineData("unknown option '--stepz'. Did you mean '--steps'?", "lab", "--stepz", "5")]
    [InlineData("unknown option '--stepz'. Did you mean '--steps'?", "lab", "--stepz=5")]
    [InlineData("unknown option '--modle'. Did you mean '--model'?", "generate", "--modle", "x", "--prompt", "")]
    [InlineData("unknown option '--gloden'. Did you mean '--golden'?", "detect", "log.csv", "--gloden", "kl")]
    [InlineData("unknown option '--xyzzy'. See 'goodhart detect --help'.", "detect", "log.csv", "--xyzzy")]
    [InlineData("'a' belongs to no option. Quote a text that has spaces.", "generate", "--model", "x", "--prompt", "once", "a")]
    [InlineData("--model DIR is required. A Llama directory with its tokenizer.", "generate", "--prompt", "")]
    [InlineData("--seed should be a whole number of at least 0, got 'x'.", "lab", "--seed", "x")]
    [InlineData("--threads should be a whole number from 1 to 1024, got '0'.", "lab", "--threads", "0")]
    [InlineData("--sampling-temperature should be a number of at least 0, got 'NaN'.", "generate", "--model", "x", "--prompt", "", "--sampling-temperature", "NaN")]
    [InlineData("--from should be llama2c or gguf or huggingface, got 'onnx'.", "convert", "--from", "onnx", "--model", "m", "--tokenizer", "t", "--output", "o")]
    [InlineData("give either --prompt or --prompts.", "generate", "--model", "x")]
    [InlineData("--top-k has no effect with --greedy, which always takes the likeliest token.", "generate", "--model", "x", "--prompt", "", "--greedy", "--top-k", "5")]
    [InlineData("--temperature means different things in different tools. Write --sampling-temperature for sampling; in a loss it is loss_temperature.",
        "generate", "--model", "x", "--prompt", "", "--temperature", "1")]
    [InlineData("--distillation.max_steps needs a value.", "lab", "--distillation.max_steps")]
    public void A_mistake_gets_one_line_that_helps(string line, params string[] args) =>
        Assert.Equal(line, CommandRun.Of(args).RefusedOnce());

    [Fact]
    public void A_verb_like_no_other_gets_the_list_of_verbs() =>
        Assert.StartsWith("unknown verb 'dance'. The verbs are lab, distill, ", CommandRun.Of("dance").RefusedOnce());

    [Fact]
    public void Every_mistake_is_told_at_once() =>
        Assert.Equal(3, CommandRun.Of("lab", "--seed", "x", "--threads", "many", "--stepz", "4").Refused().Length);

    [Fact]
    public void A_missing_value_is_told() => Assert.Contains("--output", CommandRun.Of("lab", "--output").RefusedOnce());
}
