using Refresh.Orchestrator.Journals;
using Refresh.Simulation.World;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Journals;

public sealed class MemoryRunJournalTests : RunJournalCompliance
{
    private MemoryRunJournal? store;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override Task<IRunJournal> OpenAsync() => Task.FromResult<IRunJournal>(store ??= new MemoryRunJournal(Clock));
}

public sealed class SqliteRunJournalTests : RunJournalCompliance
{
    private readonly Scratch scratch = new();
    private readonly List<SqliteRunJournal> opened = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var journal in opened)
            await journal.DisposeAsync();
        scratch.Dispose();
    }

    private protected override async Task<IRunJournal> OpenAsync()
    {
        opened.Add(await SqliteRunJournal.OpenAsync(scratch.File, Clock, Noted.Format, Cancellation));
        return opened[^1];
    }
}
