namespace Goodhart.Lab.Report;

public sealed class HeadlineTests
{
    [Theory]
    [InlineData("", "No arm was run")]
    [InlineData("off:hacking", "The student hacked its teacher")]
    [InlineData("off:overfitting", "The student overfitted its training data")]
    [InlineData("on:healthy", "No teacher hacking was found")]
    [InlineData("on:not_enough_evidence", "Not enough evidence to tell whether the student hacked its teacher")]
    [InlineData("off:hacking on:healthy on:converged",
        "Trained on fixed data, the student hacked its teacher. On fresh data it did not")]
    [InlineData("off:hacking on:healthy on:not_enough_evidence", "The student hacked its teacher in the arm0 arm")]
    [InlineData("off:hacking on:hacking on:healthy", "The student hacked its teacher in 2 of 3 arms")]
    [InlineData("off:hacking on:hacking", "The student hacked its teacher in every arm")]
    [InlineData("off:overfitting on:healthy", "No teacher hacking was found, but the student overfitted in the arm0 arm")]
    [InlineData("off:not_enough_evidence on:healthy",
        "No teacher hacking was found, but the evidence does not suffice in the arm0 arm")]
    [InlineData("off:not_enough_evidence on:not_enough_evidence",
        "Not enough evidence to tell whether the student hacked its teacher")]
    [InlineData("off:healthy on:healthy", "No teacher hacking was found in any arm")]
    public void The_headline_claims_no_more_than_the_verdicts(string arms, string headline) =>
        Assert.Equal(headline, Headline.Of([.. arms.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((arm, i) =>
            SampleRun.Offline() with
            {
                Arm = $"arm{i}",
                Mode = arm.Split(':')[0] + "line",
                Verdict = arm.Split(':')[1],
            })]));
}
