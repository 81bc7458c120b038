using Refresh.Orchestrator.Commands;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class HistoryCommandTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly ScriptedRun _run = new ScriptedRun(ScriptedRun.FleetOf(2)).Begin().Continue();

    [Fact]
    public async Task Runs_are_listed_latest_first()
    {
        await _cli.StoreAsync(_run, "r1");
        await _cli.StoreAsync(_run, "r2");
        Assert.Matches(@"r2 +web +web@2026\.11\.2 +Succeeded", (await _cli.RunAsync("history")).Ended(ExitCodes.Done).Output);
        var lines = (await _cli.RunAsync("history", "--json")).Ended(ExitCodes.Done).Lines;
        Assert.Equal(["r2", "r1"], lines.Select(line => line.GetProperty("run").GetString()));
        Assert.Single((await _cli.RunAsync("history", "--json", "--limit", "1")).Lines);
        Assert.Empty((await _cli.RunAsync("history", "--json", "--fleet", "other")).Lines);
    }

    [Fact]
    public async Task A_run_is_told_entry_by_entry()
    {
        await _cli.StoreAsync(_run, "r1");
        var told = (await _cli.RunAsync("history", "r1")).Ended(ExitCodes.Done).Output;
        Assert.Equal(_run.Journal.Count, told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("2026-11-02 03:00:00.000  planned  r1", told, StringComparison.Ordinal);
        var lines = (await _cli.RunAsync("history", "r1", "--json")).Ended(ExitCodes.Done).Lines;
        Assert.Equal(_run.Journal.Select(entry => entry.Sequence), lines.Select(line => line.GetProperty("sequence").GetInt64()));
        Assert.Equal("run-planned", lines[0].GetProperty("event").GetProperty("event").GetString());
    }

    [Fact]
    public async Task An_unknown_run_is_refused()
    {
        await _cli.StoreAsync(_run, "r1");
        Assert.Contains("refresh history", (await _cli.RunAsync("history", "r9")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_told_written_and_printed_as_JSON()
    {
        await _cli.StoreAsync(_run, "r1");
        Assert.StartsWith("Succeeded: the fleet runs web@2026.11.2", (await _cli.RunAsync("report")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        var page = _cli.At("report.html");
        Assert.Contains(page, (await _cli.RunAsync("report", "r1", "--html", page)).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("r1", (await _cli.RunAsync("report", "r1", "--json")).Ended(ExitCodes.Done).Json.GetProperty("report").GetProperty("run").GetString());
    }

    public void Dispose() => _cli.Dispose();
}
