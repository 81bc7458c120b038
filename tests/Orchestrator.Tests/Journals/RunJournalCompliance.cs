using Microsoft.Extensions.Time.Testing;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>What every run journal keeps. The facts are in the files beside this one, by subject.</summary>
public abstract partial class RunJournalCompliance : IAsyncLifetime
{
    /// <summary>The clock of all journals of a test.</summary>
    protected FakeTimeProvider Clock { get; } = new(Sample.Start);

    private protected IRunJournal Journal { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Journal = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Opens the store of this test, each time as another process would.</summary>
    private protected abstract Task<IRunJournal> OpenAsync();

    private protected Task<Lease> LeaseAsync(string fleet = "web", string worker = "one") => Journal.AcquireAsync(fleet, worker, Sample.Lease, Cancellation);

    private protected async Task<List<JournalEntry>> ReadAsync(string run, long after = 0) => await Journal.ReadAsync(run, after, Cancellation).ToListAsync(Cancellation);

    private protected static async Task RefusedAsync(JournalFault fault, Func<Task> act) => Assert.Equal(fault, await Sample.FaultAsync(act));
}
