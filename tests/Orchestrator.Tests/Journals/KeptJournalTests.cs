using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>
/// Journals that earlier versions wrote, by the program itself on a lab: a canary, a rollback, a pause and a cancel, a killed
/// and resumed worker, a frozen pair, a run that was left. They load for good, and not a byte of their entries changes.
/// A version that changes the tables or the events adds one; none is ever replaced.
/// </summary>
public sealed class KeptJournalTests
{
    private static readonly string s_kept = Path.Combine(AppContext.BaseDirectory, "Journals", "Kept");

    public static TheoryData<string> Names => [.. Directory.GetFiles(s_kept, "*.db").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_journal_of_an_earlier_version_loads_with_every_hash_it_had(string name)
    {
        using var scratch = new Scratch();
        File.Copy(Path.Combine(s_kept, name + ".db"), scratch.File);
        await using var journal = await SqliteRunJournal.OpenAsync(scratch.File, TimeProvider.System, Cancellation);
        Assert.Null((await journal.VerifyAsync(Cancellation)).Fault);
        var lines = new List<string>();
        foreach (var head in (await journal.RunsAsync(null, 100, Cancellation)).Reverse())
        {
            var (run, entries) = await RunHistory.ReadAsync(journal, head.Run, Cancellation);
            Assert.Equal(RunHeads.Of(run, entries.Count), head);
            Assert.NotEmpty(TextReport.Render(RunReport.From(entries), null));
            var last = await journal.Database.ReadAsync(connection => RunTable.Find(connection, head.Run)!.Hash, Cancellation);
            lines.Add($"{head.Run} {head.Fleet} {head.Image} {head.State} {head.Sequence} {last}");
        }

        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(s_kept, name + ".approved.txt"), Cancellation), lines);
    }

    /// <summary>The run that was left is taken up and brought to an end, so an upgrade loses nothing of what a worker needs.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_run_that_an_earlier_version_left_is_taken_over(string name)
    {
        using var scratch = new Scratch();
        File.Copy(Path.Combine(s_kept, name + ".db"), scratch.File);
        await using var journal = await SqliteRunJournal.OpenAsync(scratch.File, TimeProvider.System, Cancellation);
        var left = Assert.Single(await journal.RunsAsync(null, 100, Cancellation), head => !head.Finished);
        var (run, entries) = await RunHistory.ReadAsync(journal, left.Run, Cancellation);
        Assert.NotEmpty(run.Open);
        var lease = await journal.AcquireAsync(run.Fleet.Name, "next", Sample.Lease, Cancellation);
        Assert.True(lease.Epoch > entries[^1].Epoch);
        var decision = RunDecisions.Decide(run, new TakeOver("next"), DateTimeOffset.UtcNow);
        await Orchestrator.Engine.Step.WriteAsync(journal, lease, run, entries.Count, decision, DateTimeOffset.UtcNow);
        var (again, _) = await RunHistory.ReadAsync(journal, left.Run, Cancellation);
        Assert.Equal(decision.Run.Open.Keys, again.Open.Keys);
        Assert.Null((await journal.VerifyAsync(Cancellation)).Fault);
    }
}
