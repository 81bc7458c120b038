using Refresh.Simulation.Bugs;
using Xunit;

namespace Refresh.Simulation.Tests;

/// <summary>A simulation that finds nothing proves nothing: every planted bug must break what it was to break within the seeds that are played anyway.</summary>
public sealed class BugTests(ITestOutputHelper output)
{
    private const int Seeds = 2_000;

    public static TheoryData<string> Names => [.. BugList.All.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_bug_is_found(string name)
    {
        var found = Hunt.For(BugList.All.Single(bug => bug.Name == name), 0, Seeds, TestContext.Current.CancellationToken);
        Assert.True(found is not null, $"{name} was not found in {Seeds} seeds");
        output.WriteLine($"{name}: after {found.Value.Seeds} seeds: {found.Value.Broken}");
    }
}
