using Microsoft.Data.Sqlite;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

public sealed class JournalFileTests : IDisposable
{
    private readonly Scratch scratch = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_new_journal_is_private_to_its_user()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        var directory = Path.Combine(scratch.Path, "state");
        await using var journal = await OpenAsync(Path.Combine(directory, "journal.db"));
        await journal.AcquireAsync("web", "one", Sample.Lease, Cancellation);
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Mine | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        Assert.Equal(["journal.db", "journal.db-shm", "journal.db-wal"], Directory.GetFiles(directory).Select(Path.GetFileName).Order());
        foreach (var file in Directory.GetFiles(directory))
            Assert.Equal(Mine, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Every_connection_is_durable_and_the_file_says_what_it_is()
    {
        await using var journal = await OpenAsync();
        foreach (var read in new[] { true, false })
        {
            Assert.Equal("wal", await AskAsync<string>("journal_mode"));
            Assert.Equal(2, await AskAsync<long>("synchronous"));
            Assert.Equal(1, await AskAsync<long>("foreign_keys"));
            Assert.Equal(0x52465348, await AskAsync<long>("application_id"));
            Assert.Equal(JournalSchema.Version, await AskAsync<long>("user_version"));

            Task<T?> AskAsync<T>(string pragma) => read
                ? journal.Database.ReadAsync(connection => connection.Scalar<T>($"PRAGMA {pragma}"), Cancellation)
                : journal.Database.WriteAsync(connection => connection.Scalar<T>($"PRAGMA {pragma}"), Cancellation);
        }
    }

    [Fact]
    public void A_database_that_cannot_be_durable_is_refused()
    {
        using var memory = new SqliteConnection("Data Source=:memory:");
        memory.Open();
        Assert.Contains("journal_mode is 'memory'", Assert.Throws<JournalException>(() => Durability.Require(memory, "here")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_is_opened_again_with_what_it_held()
    {
        await using (var journal = await OpenAsync())
            await journal.BeginAsync(await journal.AcquireAsync("web", "one", Sample.Lease, Cancellation), "r1", [], Cancellation);
        await using var again = await OpenAsync();
        Assert.NotNull(await again.FindAsync("r1", Cancellation));
        Assert.Equal(1, await again.Database.ReadAsync(connection => connection.Scalar<long>("SELECT count(*) FROM versions"), Cancellation));
    }

    [Fact]
    public async Task A_journal_of_an_earlier_version_is_brought_up_to_this_one_with_what_it_held()
    {
        Execute($"""
            {JournalSchema.Upgrades[0]}
            INSERT INTO versions VALUES (1, 1, '2026-03-01T03:00:00.0000000Z');
            INSERT INTO leases VALUES ('web', 'one', 7, NULL);
            PRAGMA application_id = {JournalSchema.ApplicationId};
            PRAGMA user_version = 1;
            """);
        await using var journal = await OpenAsync();
        Assert.Equal(JournalSchema.Version, await journal.Database.ReadAsync(connection => connection.Scalar<long>("PRAGMA user_version"), Cancellation));
        var lease = await journal.AcquireAsync("web", "two", Sample.Lease, Cancellation);
        Assert.Equal(8, lease.Epoch);
        await journal.BeginAsync(lease, "r1", [], Cancellation);
        await journal.SubmitAsync(new(Id: "a", "r1", Workflows.Runs.RequestKind.Pause, "ann", "", Sample.Start, "192.0.2.7"), Cancellation);
        Assert.Equal("192.0.2.7", Assert.Single(await journal.RequestsAsync("r1", Cancellation)).From);
    }

    [Fact]
    public async Task Many_who_make_the_journal_at_once_get_one()
    {
        var journals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync())));
        await journals[0].AcquireAsync("web", "one", Sample.Lease, Cancellation);
        foreach (var journal in journals)
        {
            Assert.NotNull(await journal.HolderAsync("web", Cancellation));
            await journal.DisposeAsync();
        }

        Assert.Equal([scratch.File], Directory.GetFiles(scratch.Path));
    }

    [Theory]
    [InlineData("CREATE TABLE t (x)", "not a journal of Refresh")]
    [InlineData("PRAGMA application_id = 0x52465348; PRAGMA user_version = 99; CREATE TABLE versions (format); INSERT INTO versions VALUES (1)", "newer Refresh")]
    [InlineData("PRAGMA application_id = 0x52465348; PRAGMA user_version = 1; CREATE TABLE versions (format); INSERT INTO versions VALUES (99)", "newer Refresh")]
    public async Task A_database_of_something_else_or_newer_is_refused_and_left_alone(string script, string says)
    {
        Execute(script);
        var before = Dump();
        var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync());
        Assert.Equal(JournalFault.Unavailable, error.Fault);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(scratch.File, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Dump());
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(scratch.File, new string('x', 5000), Cancellation);
        Assert.Equal(JournalFault.Damaged, await Sample.FaultAsync(() => OpenAsync()));
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(scratch.File, Cancellation));
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("journal.db-wal")]
    public async Task A_journal_of_which_only_a_part_is_left_is_not_made_anew(string left)
    {
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, left), "", Cancellation);
        Assert.Equal(JournalFault.Damaged, await Sample.FaultAsync(() => OpenAsync()));
    }

    [Fact]
    public async Task A_write_waits_for_another_process_and_can_be_cancelled_while_it_waits()
    {
        await using var journal = await OpenAsync();
        using var other = new SqliteConnection($"Data Source={scratch.File};Pooling=False");
        other.Open();
        using var held = other.BeginTransaction();
        using var cancel = new CancellationTokenSource();
        var cancelled = journal.AcquireAsync("web", "one", Sample.Lease, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var waiting = journal.AcquireAsync("web", "two", Sample.Lease, Cancellation);
        Assert.Null(await journal.HolderAsync("web", Cancellation));
        held.Rollback();
        Assert.Equal(1, (await waiting).Epoch);
    }

    private Task<SqliteRunJournal> OpenAsync(string? path = null) =>
        SqliteRunJournal.OpenAsync(path ?? scratch.File, TimeProvider.System, Noted.Format, Cancellation);

    private void Execute(string script)
    {
        using var connection = new SqliteConnection($"Data Source={scratch.File};Pooling=False");
        connection.Open();
        connection.Execute(script);
    }

    private List<string> Dump()
    {
        using var connection = new SqliteConnection($"Data Source={scratch.File};Pooling=False");
        connection.Open();
        return connection.Query("SELECT name FROM sqlite_master ORDER BY name", row => row.GetString(0));
    }
}
