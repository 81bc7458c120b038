using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.World;

/// <summary>What is on the journal's disk: it outlives every worker. It gives leases and refuses as the real one does.</summary>
internal sealed class JournalStore(SimulatedWorld world)
{
    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<string, RunRequest> _requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _struck = new(StringComparer.Ordinal);
    private Lease? _lease;
    private bool _given = true;

    public RunHead? Head { get; private set; }

    /// <summary>The run as the entries have it.</summary>
    public Run? Run { get; private set; }

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>Every intent that was ever recorded.</summary>
    public Dictionary<string, RecordedIntent> Intents { get; } = new(StringComparer.Ordinal);

    /// <summary>The intents of each member that are still of interest: open, or withdrawn.</summary>
    public Dictionary<Workflows.Fleets.MemberId, List<RecordedIntent>> ByMember { get; } = [];

    /// <summary>The member whose drain was recorded last; null once that was looked at.</summary>
    public Workflows.Fleets.MemberId? Drained { get; set; }

    public long Epoch => _lease?.Epoch ?? 0;

    public bool IsHeldBy(long epoch) => _lease is not null && _lease.Epoch == epoch && !_given;

    public IReadOnlyList<RunRequest> Unanswered => [.. _requests.Values.Where(request => !_struck.Contains(request.Id))];

    public Lease Acquire(string fleet, string worker, TimeSpan duration)
    {
        if (!_given && _lease!.ExpiresAt > world.Wall)
            throw new JournalException(JournalFault.LeaseHeld, $"{_lease.Worker} holds the lease");
        return Give(fleet, worker, duration);
    }

    public Lease Succeed(Lease silent, string worker, TimeSpan duration) => _given || _lease == silent
        ? Give(silent.Fleet, worker, duration)
        : throw new JournalException(JournalFault.LeaseHeld, $"{_lease!.Worker} has renewed the lease");

    public Lease Renew(Lease lease, TimeSpan duration)
    {
        Require(lease);
        return _lease = lease with { ExpiresAt = world.Wall + duration };
    }

    public void Release(Lease lease) => _given |= _lease?.Epoch == lease.Epoch;

    public Lease? Holder() => !_given && _lease!.ExpiresAt > world.Wall ? _lease : null;

    public void Create(Lease lease, RunHead head, IReadOnlyList<JournalEntry> entries)
    {
        Require(lease);
        if (Head is { Finished: false })
            throw new JournalException(JournalFault.FleetHasRun, "the fleet has a run");
        Put(head, entries);
    }

    public void Append(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered)
    {
        Require(lease);
        if (_entries.Count != expected)
            throw new JournalException(JournalFault.Conflict, $"there are {_entries.Count} entries, not {expected}");
        Put(head, entries);
        _struck.UnionWith(answered);
    }

    public void Submit(RunRequest request) => _requests.TryAdd(request.Id, request);

    private Lease Give(string fleet, string worker, TimeSpan duration)
    {
        _given = false;
        _lease = new Lease(fleet, worker, Epoch + 1, world.Wall + duration);
        world.Timeline.World($"{worker} takes the lease, epoch {_lease.Epoch}");
        return _lease;
    }

    private void Require(Lease lease)
    {
        if (!IsHeldBy(lease.Epoch))
            throw new JournalException(JournalFault.LeaseLost, $"epoch {lease.Epoch} is over");
    }

    private void Put(RunHead head, IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            _entries.Add(entry);
            Run = entry.Event is RunPlanned planned ? RunFold.Begin(planned, entry.At) : Run!.Apply(entry.Event, entry.At);
            Keep(entry);
            world.Timeline.Entry(entry);
        }

        Head = head;
        world.Observer.Written(entries);
    }

    private void Keep(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case IntentRecorded recorded:
                var kept = new RecordedIntent(recorded.Intent);
                Drained = recorded.Intent is Drain ? recorded.Intent.Member : Drained;
                Intents[recorded.Intent.Id] = kept;
                if (!ByMember.TryGetValue(recorded.Intent.Member, out var list))
                    ByMember[recorded.Intent.Member] = list = [];
                list.RemoveAll(old => old.Concluded || old.WithdrawnAt < world.Now - TimeSpan.FromMinutes(1));
                list.Add(kept);
                break;
            case IntentWithdrawn withdrawn: Intents[withdrawn.Intent].WithdrawnAt = world.Now; break;
            case OutcomeRecorded outcome: Intents[outcome.Intent].Concluded = true; break;
        }
    }
}

/// <summary>An intent in the journal.</summary>
internal sealed class RecordedIntent(Intent intent)
{
    public Intent Intent { get; } = intent;

    public bool Concluded { get; set; }

    public TimeSpan? WithdrawnAt { get; set; }

    /// <summary>How often the provisioner was asked to carry it out.</summary>
    public int Rebuilt { get; set; }
}
