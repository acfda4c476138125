using System.Reflection;

namespace Goodhart.Architecture.Tests;

/// <summary>A library's public surface changes only on purpose: run once with ACCEPT_API=1 and commit docs/api with the change.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Goodhart.Engine")]
    [InlineData("Goodhart.Tokenizers")]
    [InlineData("Goodhart.Models")]
    [InlineData("Goodhart.Detection")]
    [InlineData("Goodhart.Distillation")]
    [InlineData("Goodhart.Lab")]
    public void The_public_api_is_the_documented_one(string library)
    {
        string file = Repository.PathOf("docs", "api", library + ".txt");
        string now = string.Concat(PublicApi.Lines(Assembly.Load(library)).Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("ACCEPT_API") == "1")
            File.WriteAllText(file, now);

        Assert.Equal(File.Exists(file) ? File.ReadAllText(file) : "", now);
    }
}
