using Refresh.Workflows.Ports;

namespace Refresh.Simulation.Bugs;

/// <summary>What was decided is carried out while it is still being written.</summary>
internal sealed class ActsBeforeJournal : PlantedBug
{
    public override IRunJournal Journal(IRunJournal journal) => new Hasty(journal);

    private sealed class Hasty(IRunJournal inner) : WrappedJournal(inner)
    {
        private Task _last = Task.CompletedTask;

        public override Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation)
        {
            _last = AfterAsync(_last, () => Inner.AppendAsync(lease, head, expected, entries, answered, cancellation));
            return Task.CompletedTask;
        }

        private static async Task AfterAsync(Task before, Func<Task> append)
        {
            await before;
            try
            {
                await append();
            }
            catch (JournalException)
            {
                // Nobody hears of it.
            }
        }
    }
}

/// <summary>The worker does not ask whether the lease is still its own.</summary>
internal sealed class FenceNotAsked : PlantedBug
{
    public override IRunJournal Journal(IRunJournal journal) => new Trusting(journal);

    private sealed class Trusting(IRunJournal inner) : WrappedJournal(inner)
    {
        public override Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) =>
            Task.FromResult(lease with { ExpiresAt = lease.ExpiresAt + duration });
    }
}

/// <summary>The journal takes entries from whoever has read it last, owner or not.</summary>
internal sealed class EpochNotCompared : PlantedBug
{
    public override IRunJournal Journal(IRunJournal journal) => new Lenient(journal);

    private sealed class Lenient(IRunJournal inner) : WrappedJournal(inner)
    {
        public override async Task<Lease> RenewAsync(Lease lease, TimeSpan duration, CancellationToken cancellation) =>
            await Inner.RenewAsync(await Inner.HolderAsync(lease.Fleet, cancellation) ?? lease, duration, cancellation);

        public override async Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation)
        {
            var held = await Inner.HolderAsync(lease.Fleet, cancellation) ?? lease;
            await Inner.AppendAsync(held, head, expected, [.. entries.Select(entry => entry with { Epoch = held.Epoch })], answered, cancellation);
        }
    }
}

/// <summary>A request that was answered is not struck.</summary>
internal sealed class RequestsNotStruck : PlantedBug
{
    public override IRunJournal Journal(IRunJournal journal) => new Forgetful(journal);

    private sealed class Forgetful(IRunJournal inner) : WrappedJournal(inner)
    {
        public override Task AppendAsync(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered, CancellationToken cancellation) =>
            Inner.AppendAsync(lease, head, expected, entries, [], cancellation);
    }
}
