using Refresh.Orchestrator.FleetFiles;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>What the project gives away as an example is good.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(Path.Combine(Texts.Root, "samples"), "fleet*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Texts.Root, file))];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_is_good(string file)
    {
        var result = await FleetFile.ReadAsync(Path.Combine(Texts.Root, file), TestContext.Current.CancellationToken);
        Assert.Empty(result.Lines());
    }

    [Fact]
    public void The_template_is_good_and_spells_out_the_defaults() =>
        Assert.Equal(new RefreshPolicy(), Texts.Definition(FleetTemplate.Text).Fleet.Policy);

    [Fact]
    public void What_the_template_has_in_comments_is_good_too()
    {
        var text = FleetTemplate.Text
            .Replace("# rejoin", "rejoin", StringComparison.Ordinal)
            .Replace("# - ", "- ", StringComparison.Ordinal);
        Assert.Equal(4, Texts.Definition(text).Probes.Count);
    }

    [Fact]
    public void The_example_of_the_documentation_is_good()
    {
        var text = File.ReadAllText(Path.Combine(Texts.Root, "docs", "fleet-file.md"));
        var start = text.IndexOf("apiVersion:", StringComparison.Ordinal);
        Texts.Definition(text[start..text.IndexOf("```", start, StringComparison.Ordinal)]);
    }
}
