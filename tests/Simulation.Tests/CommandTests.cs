using Xunit;

namespace Refresh.Simulation.Tests;

public sealed class CommandTests
{
    [Theory]
    [InlineData("--seeds", "-1")]
    [InlineData("--seeds", "0")]
    [InlineData("--seeds", "x")]
    [InlineData("--from", "-1")]
    [InlineData("--pairs", "-1")]
    [InlineData("--at-once", "0")]
    public async Task What_cannot_be_played_is_refused_in_a_line(string option, string value)
    {
        using var told = new StringWriter();
        Assert.Equal(2, await SimulateCommand.RunAsync([option, value], told, told));
        Assert.Contains(option, Assert.Single(told.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_that_there_is_not_is_refused_with_those_that_there_are()
    {
        using var told = new StringWriter();
        Assert.Equal(2, await SimulateCommand.RunAsync(["--bug", "Nosuch"], told, told));
        Assert.Contains("ClaimNotAsked", told.ToString(), StringComparison.Ordinal);
    }
}
