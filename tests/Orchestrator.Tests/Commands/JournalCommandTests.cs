using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Commands;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class JournalCommandTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly ScriptedRun _run = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue();

    [Fact]
    public async Task A_journal_that_holds_is_said_to()
    {
        await _cli.StoreAsync(_run, "r1");
        var json = (await _cli.RunAsync("journal", "verify", "--json")).Ended(ExitCodes.Done).Json;
        Assert.True(json.GetProperty("holds").GetBoolean());
        Assert.Equal(_run.Journal.Count, json.GetProperty("entries").GetInt32());
    }

    [Fact]
    public async Task A_journal_that_was_changed_is_found_out()
    {
        await _cli.StoreAsync(_run, "r1");
        await ChangeAsync();
        var said = (await _cli.RunAsync("journal", "verify")).Ended(ExitCodes.Journal);
        Assert.Contains("damaged", said.Output, StringComparison.Ordinal);
        (await _cli.RunAsync("status")).Ended(ExitCodes.Journal);
        Assert.Contains("WRONG", (await _cli.RunAsync("doctor", "none.yaml")).Ended(ExitCodes.Refused).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_verify_makes_no_journal()
    {
        (await _cli.RunAsync("journal", "verify")).Ended(ExitCodes.Refused);
        Assert.False(File.Exists(_cli.Journal));
    }

    [Fact]
    public async Task A_run_is_exported_with_its_hashes()
    {
        await _cli.StoreAsync(_run, "r1");
        var lines = (await _cli.RunAsync("journal", "export", "r1")).Ended(ExitCodes.Done).Lines;
        Assert.Equal(_run.Journal.Count, lines.Count);
        Assert.All(lines, line => Assert.Equal(64, line.GetProperty("hash").GetString()!.Length));
    }

    [Fact]
    public async Task To_compact_makes_no_journal_and_leaves_the_latest_run()
    {
        (await _cli.RunAsync("journal", "compact")).Ended(ExitCodes.Refused);
        Assert.False(File.Exists(_cli.Journal));
        await _cli.StoreAsync(_run, "r1");
        var json = (await _cli.RunAsync("journal", "compact", "--days", "0", "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal(0, json.GetProperty("archived").GetArrayLength());
        Assert.Contains("No run was archived", (await _cli.RunAsync("journal", "compact")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        (await _cli.RunAsync("journal", "compact", "--days", "-1")).Ended(ExitCodes.Usage);
    }

    public void Dispose() => _cli.Dispose();

    private async Task ChangeAsync()
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _cli.Journal, Pooling = false }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'trigger'";
        var triggers = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
        command.CommandText = string.Concat((triggers ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => $"DROP TRIGGER {name};"))
            + "UPDATE entries SET event = replace(event, 'Draining', 'Guarding') WHERE event LIKE '%Draining%'";
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
