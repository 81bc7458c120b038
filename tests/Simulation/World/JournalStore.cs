using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.World;

/// <summary>What is on the journal's disk, which outlives every worker, and what the simulation follows of the one run in it.</summary>
internal sealed class JournalStore(SimulatedWorld world, TimeProvider clock)
{
    private readonly List<JournalEntry> _entries = [];
    private readonly Dictionary<string, RunRequest> _requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _struck = new(StringComparer.Ordinal);
    private Lease? _lease;
    private bool _given = true;

    /// <summary>The journal itself: the model that the real one is compared with.</summary>
    public MemoryRunJournal Disk { get; } = new(clock);

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

    /// <summary>A worker has taken the lease.</summary>
    public void Taken(Lease lease)
    {
        (_lease, _given) = (lease, false);
        world.Timeline.World($"{lease.Worker} takes the lease, epoch {lease.Epoch}");
    }

    /// <summary>A worker has given the lease back.</summary>
    public void Given(Lease lease) => _given |= _lease?.Epoch == lease.Epoch;

    /// <summary>A person asks something, past every worker.</summary>
    public void Submit(RunRequest request)
    {
        _ = Disk.SubmitAsync(request, CancellationToken.None);
        Submitted(request);
    }

    public void Submitted(RunRequest request) => _requests.TryAdd(request.Id, request);

    /// <summary>Entries are on the disk.</summary>
    public void Written(RunHead head, IReadOnlyList<JournalEntry> entries, IReadOnlyList<string> answered)
    {
        if (world.Observer.Asleep)
            return;
        foreach (var entry in entries)
        {
            _entries.Add(entry);
            Run = entry.Event is RunPlanned planned ? RunFold.Begin(planned, entry.At) : Run!.Apply(entry.Event, entry.At);
            Keep(entry);
            world.Timeline.Entry(entry);
        }

        Head = head;
        _struck.UnionWith(answered);
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
