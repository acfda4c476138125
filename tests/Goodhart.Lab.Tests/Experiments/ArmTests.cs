namespace Goodhart.Lab.Experiments;

public sealed class ArmTests
{
    [Theory]
    [InlineData("offline", CompletionSource.Teacher, CompletionMode.Offline)]
    [InlineData("offline-student", CompletionSource.Student, CompletionMode.Offline)]
    [InlineData("offline-oracle", CompletionSource.Oracle, CompletionMode.Offline)]
    [InlineData("online-teacher", CompletionSource.Teacher, CompletionMode.Online)]
    [InlineData("online-student", CompletionSource.Student, CompletionMode.Online)]
    [InlineData("online-oracle", CompletionSource.Oracle, CompletionMode.Online)]
    public void A_name_says_who_writes_and_when(string name, CompletionSource source, CompletionMode mode)
    {
        Assert.Equal(new Arm(name, source, mode), Arm.Find(name));
        Assert.Contains(name, Arm.Names);
    }

    [Fact]
    public void There_is_no_other_arm()
    {
        Assert.Equal(6, Arm.Names.Distinct().Count());
        Assert.Null(Arm.Find("Offline"));
    }
}
