using Goodhart.Distillation;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Lab.Distilling;

/// <summary>One thing that has to hold before a student is trained.</summary>
/// <param name="Name">What, in a few words.</param>
/// <param name="Passed">Whether it does.</param>
/// <param name="Detail">What was found.</param>
public sealed record SelfCheck(string Name, bool Passed, string Detail);

/// <summary>A self-test failed, so nothing is trained.</summary>
/// <param name="checks">All of them.</param>
public sealed class SelfTestException(IReadOnlyList<SelfCheck> checks) : Exception(
    string.Join('\n', checks.Where(check => !check.Passed).Select(check => $"self-test: {check.Name}: {check.Detail}")));

/// <summary>Tests teacher, student, tokenizers and loss on a few examples, by the very code that trains.</summary>
public static class SelfTest
{
    const double Nothing = 1e-5, Rounding = 1e-3;

    const string ProbeText = "Once upon a time, 3 cafés sold\n\tnaïve \"robots\" (№ 42) — 日本語 🙂 <b>x²</b> == y;  ok?";

    /// <summary>Runs all checks; those that rest on one that failed are left out.</summary>
    /// <param name="student">Its weights and gradients are as before afterwards.</param>
    /// <param name="teacher">Frozen.</param>
    /// <param name="loss">As in training.</param>
    /// <param name="examples">Four or more, as in training.</param>
    /// <param name="workers">The threads to use.</param>
    public static IReadOnlyList<SelfCheck> Run(LanguageModel student, LanguageModel teacher, DistillationLoss loss, IReadOnlyList<Example> examples, Workers workers)
    {
        SelfCheck tokenizers = Tokenizers(student, teacher), end = EndOfText(student, examples);
        if (!tokenizers.Passed)
            return [tokenizers, end];
        Example[] four = [.. examples.Take(4)];
        ICausalLm twin = teacher.Model.Copy(trainable: true), own = student.Model.Copy(trainable: true);
        LiveTeacher asked = new(teacher.Model, workers, keepsPackedWeights: false);
        return
        [
            tokenizers,
            end,
            .. loss.NeedsTeacher ? new[] { Identity(twin, asked, loss, four, workers), Reaches(own, asked, loss, four, workers) } : [],
            Accumulation(own, asked, loss, four, workers),
        ];
    }

    static SelfCheck Tokenizers(LanguageModel student, LanguageModel teacher)
    {
        const string Name = "both tokenizers agree";
        if (student.Model.Config.VocabSize != teacher.Model.Config.VocabSize)
            return new SelfCheck(Name, false, $"{student.Directory} has a vocab_size of {student.Model.Config.VocabSize}, {teacher.Directory} of {teacher.Model.Config.VocabSize}; they are compared token by token. Use models of one tokenizer.");
        int[] own = student.Tokenizer.Encode(ProbeText), other = teacher.Tokenizer.Encode(ProbeText);
        int differ = own.AsSpan().CommonPrefixLength(other);
        if (differ < Math.Max(own.Length, other.Length))
            return new SelfCheck(Name, false, $"a probe text differs from token {differ} on ({own.Length} tokens of {student.Directory}, {other.Length} of {teacher.Directory}). Use models of one tokenizer.");
        for (int id = 0; id < Math.Min(student.Tokenizer.VocabularySize, teacher.Tokenizer.VocabularySize); id++)
        {
            if (student.Tokenizer.TokenOf(id) != teacher.Tokenizer.TokenOf(id))
                return new SelfCheck(Name, false, $"id {id} is '{student.Tokenizer.TokenOf(id)}' in {student.Directory} and '{teacher.Tokenizer.TokenOf(id)}' in {teacher.Directory}. Use models of one tokenizer.");
        }

        return new SelfCheck(Name, true, $"{own.Length} tokens of a probe text, and every id");
    }

    static SelfCheck EndOfText(LanguageModel student, IReadOnlyList<Example> examples)
    {
        const string Name = "the end of a text is learnt";
        if (student.EndOfText is not int end)
            return new SelfCheck(Name, false, $"{student.Directory} has no end-of-text token, so completions would never end. Set eos_token_id in config.json.");
        Example probe = Example.Of(examples[0].Ids[..examples[0].PromptLength], [end]);
        bool isTarget = new ExampleBatch([probe]).Targets is [int target] && target == end && student.StopIds.Contains(end);
        int ending = examples.Count(example => student.StopIds.Contains(example.Ids[^1]) && example.IsLearnt(example.Ids.Length - 1));
        return new SelfCheck(Name, isTarget, isTarget
            ? $"id {end}; {ending} of {examples.Count} examples end with one that stops generation"
            : $"id {end} of the tokenizer does not stop generation. Put it into eos_token_id of generation_config.json.");
    }

    static SelfCheck Identity(ICausalLm twin, ITeacher teacher, DistillationLoss loss, Example[] examples, Workers workers)
    {
        double value = LossGradient.Of(twin, teacher, loss with { CeAlpha = 0, Alpha = 1 }, examples, examples.Length, workers);
        return new SelfCheck("a student that is the teacher has loss 0", Math.Abs(value) <= Nothing,
            FormattableString.Invariant($"{value:0.0e+0} nats") + (Math.Abs(value) <= Nothing ? "" : ". Please report this: the loss is wrong."));
    }

    static SelfCheck Reaches(ICausalLm student, ITeacher teacher, DistillationLoss loss, Example[] examples, Workers workers)
    {
        const string Name = "the teacher's gradient reaches the student";
        double value = LossGradient.Of(student, teacher, loss with { CeAlpha = 0 }, examples, examples.Length, workers), norm = Norm(student.Parameters.Gradients);
        bool reaches = double.IsFinite(norm) && (norm > 0 || value <= Nothing) && value >= -Nothing;
        return new SelfCheck(Name, reaches, FormattableString.Invariant($"loss {value:0.000}, norm {norm:0.000}")
            + (reaches ? "" : "; a finite loss of at least 0 and a norm above 0 were expected. Check alpha and the weights of both models."));
    }

    static SelfCheck Accumulation(ICausalLm student, ITeacher teacher, DistillationLoss loss, Example[] examples, Workers workers)
    {
        LossGradient.Of(student, teacher, loss, examples, examples.Length, workers);
        float[] together = [.. student.Parameters.Gradients];
        LossGradient.Of(student, teacher, loss, examples, 1, workers);
        float[] apart = [.. student.Parameters.Gradients];
        double size = Norm(together), difference = Norm([.. together.Zip(apart, (a, b) => a - b)]);
        bool same = difference <= Rounding * size + Nothing;
        return new SelfCheck("accumulating over 4 batches is the same as 1", same,
            FormattableString.Invariant($"gradients differ by {(size > 0 ? difference / size : difference):0.0e+0} of their norm") + (same ? "" : ". Please report this: the loss depends on the batches."));
    }

    static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
