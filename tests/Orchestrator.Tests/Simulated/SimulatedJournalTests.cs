using System.Runtime.CompilerServices;
using Refresh.Orchestrator.Tests.Journals;
using Refresh.Simulation.World;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Tests.Simulated;

/// <summary>The compliance suite with the simulated journal.</summary>
public sealed class SimulatedJournalTests : RunJournalCompliance
{
    private LiveWorld? _live;
    private JournalStore? _store;

    public override ValueTask DisposeAsync() => _live?.DisposeAsync() ?? ValueTask.CompletedTask;

    private protected override async Task<IRunJournal> OpenAsync()
    {
        _live ??= await LiveWorld.StartAsync(20);
        _store ??= new JournalStore(_live.World, Clock);
        return new Live(_live, new SimulatedJournal(_live.World, _store, Noted.Format));
    }

    private sealed class Live(LiveWorld live, SimulatedJournal inner) : IRunJournal
    {
        public Task<Lease> AcquireAsync(string fleet, string worker, TimeSpan duration, CancellationToken cancellation) => live.CallAsync(token => inner.AcquireAsync(fleet, worker, duration, token), cancellation);

        public Task<Lease> SucceedAsync(Lease silent, string worker, TimeSpan duration, CancellationToken cancellation) => live.CallAsync(token => inner.SucceedAsync(silent, worker, duration, token), cancellation);

        public Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) => live.CallAsync(token => inner.RenewAsync(lease, duration, token), cancellation);

        public Task ReleaseAsync(Lease lease, CancellationToken cancellation) => DoAsync(token => inner.ReleaseAsync(lease, token), cancellation);

        public Task CreateAsync(Lease lease, RunHead head, IReadOnlyList<string> claims, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
            DoAsync(token => inner.CreateAsync(lease, head, claims, entries, token), cancellation);

        public Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation) =>
            DoAsync(token => inner.AppendAsync(lease, head, expected, entries, answered, token), cancellation);

        public async IAsyncEnumerable<JournalEntry> ReadAsync(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (var entry in await live.CallAsync(async token => await inner.ReadAsync(run, after, token).ToListAsync(token), cancellation))
                yield return entry;
        }

        public Task<IReadOnlyList<RunHead>> RunsAsync(string? fleet, int limit, CancellationToken cancellation) => live.CallAsync(token => inner.RunsAsync(fleet, limit, token), cancellation);

        public Task<IReadOnlyList<RunHead>> RunsBeforeAsync(string? fleet, string before, int limit, CancellationToken cancellation) => live.CallAsync(token => inner.RunsBeforeAsync(fleet, before, limit, token), cancellation);

        public Task<IReadOnlyList<RunHead>> UnsettledAsync(CancellationToken cancellation) => live.CallAsync(inner.UnsettledAsync, cancellation);

        public Task<RunHead?> FindAsync(string run, CancellationToken cancellation) => live.CallAsync(token => inner.FindAsync(run, token), cancellation);

        public Task<string?> ClaimantAsync(IReadOnlyList<string> claims, string except, CancellationToken cancellation) => live.CallAsync(token => inner.ClaimantAsync(claims, except, token), cancellation);

        public Task SubmitAsync(RunRequest request, CancellationToken cancellation) => DoAsync(token => inner.SubmitAsync(request, token), cancellation);

        public Task<IReadOnlyList<RunRequest>> RequestsAsync(string run, CancellationToken cancellation) => live.CallAsync(token => inner.RequestsAsync(run, token), cancellation);

        public Task<Lease?> HolderAsync(string fleet, CancellationToken cancellation) => live.CallAsync(token => inner.HolderAsync(fleet, token), cancellation);

        private Task DoAsync(Func<CancellationToken, Task> act, CancellationToken cancellation) => live.CallAsync(async token =>
        {
            await act(token);
            return true;
        }, cancellation);
    }
}
