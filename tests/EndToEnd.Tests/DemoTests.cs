using Refresh.EndToEnd.Tests.Stage;
using Xunit;

namespace Refresh.EndToEnd.Tests;

/// <summary><c>refresh demo</c>, as somebody sees it who has just cloned the project.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("refresh-demo-").FullName;

    [Theory]
    [InlineData("HAProxy")]
    [InlineData("Yarp")]
    public async Task The_main_job_is_done_and_proved_without_one_failed_request(string balancer)
    {
        using var demo = Demo("--pairs", "2", "--balancer", balancer);
        await demo.EndsWithAsync(0);
        Assert.Contains("4 of 4 members were rebuilt and proved", demo.Output, StringComparison.Ordinal);
        Assert.Matches(@"[1-9][0-9]+ requests sent, 0 failed; p50 .* before .*; p99 .* before", demo.Output);
        Assert.Matches("evidence of run [a-z0-9]+ is in .*evidence.json, signed by evidence", demo.Output);
        Assert.Contains("Succeeded: the fleet runs web@1.1.0", await File.ReadAllTextAsync(Path.Combine(_folder, "demo", "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_shown_to_be_contained()
    {
        using var demo = Demo("--pairs", "2", "--fail", "clone-fails");
        await demo.EndsWithAsync(1);
        Assert.Contains("Pair web-2 is frozen, and web-2/b was seen to serve", demo.Output, StringComparison.Ordinal);
        Assert.Contains("Next: web-2 stays frozen until a person has looked at it", demo.Output, StringComparison.Ordinal);
        Assert.Contains("requests sent, 0 failed", demo.Output, StringComparison.Ordinal);
        Assert.Contains("Exit code 1: Failed.", demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_before_the_run_begins_ends_the_lab_too()
    {
        using var demo = Demo("--pairs", "1");
        await demo.UntilLineAsync(line => line.StartsWith("A process of its own sends", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(_folder, "demo", "lab.json")));
        await demo.SignalAsync("INT");
        await demo.EndsWithAsync(5);
        Assert.Contains("The demo was stopped, and its lab with it", demo.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "demo", "lab.json")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RefreshProcess Demo(params string[] arguments) =>
        new(Path.Combine(_folder, "journal.db"), ["demo", "--dir", Path.Combine(_folder, "demo"), .. arguments]);
}
