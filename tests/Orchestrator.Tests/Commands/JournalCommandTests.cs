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
        Assert.Contains("hold before the fault", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("and they hold", said.Output, StringComparison.Ordinal);
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

    [Fact]
    public async Task To_export_makes_no_journal()
    {
        (await _cli.RunAsync("journal", "export", "r1")).Ended(ExitCodes.Refused);
        Assert.False(File.Exists(_cli.Journal));
    }

    [Theory]
    [InlineData("journal", "verify")]
    [InlineData("journal", "export", "r1")]
    [InlineData("journal", "compact")]
    public async Task A_journal_of_which_the_log_alone_is_left_is_damaged(params string[] command)
    {
        await File.WriteAllTextAsync(_cli.Journal + "-wal", "left", TestContext.Current.CancellationToken);
        Assert.Contains("its file is missing", (await _cli.RunAsync(command)).Ended(ExitCodes.Journal).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v4")]
    public async Task An_older_journal_is_verified_and_exported_and_stays_as_old_as_it_was(string version)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Journals", "Kept", version + ".db"), _cli.Journal);
        var before = await VersionAsync();
        var verified = (await _cli.RunAsync("journal", "verify")).Ended(ExitCodes.Done);
        Assert.Contains("and they hold", verified.Output, StringComparison.Ordinal);
        Assert.Contains(_cli.Journal, verified.Output, StringComparison.Ordinal);
        var run = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Journals", "Kept", version + ".approved.txt"), TestContext.Current.CancellationToken))[0].Split(' ')[0];
        Assert.NotEmpty((await _cli.RunAsync("journal", "export", run)).Ended(ExitCodes.Done).Lines);
        Assert.Equal(before, await VersionAsync());
    }

    [Fact]
    public async Task Compacting_tells_which_run_it_could_not_move_and_moves_the_others()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Journals", "Kept", "v1.db"), _cli.Journal);
        var runs = (await _cli.RunAsync("history", "--json", "--limit", "100")).Ended(ExitCodes.Done).Lines.Where(line => line.GetProperty("finished").GetBoolean()).Select(line => line.GetProperty("run").GetString()!).ToList();
        var damaged = runs[^1];
        await ChangeAsync($"UPDATE entries SET epoch = epoch + 1 WHERE run = '{damaged}' AND sequence = 7");
        var said = (await _cli.RunAsync("journal", "compact", "--days", "0")).Ended(ExitCodes.Journal);
        Assert.Contains($"{damaged} of fleet", said.Output, StringComparison.Ordinal);
        Assert.Contains("stays in the journal", said.Output, StringComparison.Ordinal);
        Assert.Contains("archived; the journal has", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was changed", said.Output + said.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private async Task<long> VersionAsync()
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _cli.Journal, Pooling = false }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private Task ChangeAsync() => ChangeAsync("UPDATE entries SET event = replace(event, 'Draining', 'Guarding') WHERE event LIKE '%Draining%'");

    private async Task ChangeAsync(string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _cli.Journal, Pooling = false }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'trigger'";
        var triggers = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
        command.CommandText = string.Concat((triggers ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => $"DROP TRIGGER {name};"))
            + sql;
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
