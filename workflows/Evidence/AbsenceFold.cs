using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>The times in which one member was out of rotation by our doing.</summary>
internal sealed class AbsenceFold
{
    private readonly List<Absence> _absences = [];
    private string? _drain;
    private bool _served;

    public IReadOnlyList<Absence> All => _absences;

    /// <summary>From here on it may be out; a drain of a member that is out already prolongs its absence.</summary>
    public void Drain(string intent, JournalEntry entry)
    {
        if (_absences is [.., { To: null }])
            return;
        _drain = intent;
        _absences.Add(new Absence(entry.At, null, entry.Sequence, null, _served, 0, null, null));
    }

    public void Drained(Drained drained)
    {
        var peer = drained.Permitted.Peer;
        Change(open => open with
        {
            Cut = open.Cut + drained.Cut,
            EmptyAt = drained.Balancer.At,
            Peer = new PeerSeen(peer.Id, peer.Serves, peer.Balancer?.Detail ?? "not read", peer.Probe?.Detail ?? "not read", peer.Balancer?.At),
        });
    }

    /// <summary>Nothing was done: the absence never began, unless an earlier drain had begun it.</summary>
    public void Refused(string intent, DrainRefused refused, JournalEntry entry)
    {
        if (_drain == intent && _absences is [.., { To: null }])
            _absences.RemoveAt(_absences.Count - 1);
        else
            Seen(refused.Facts.Member, entry);
    }

    public void Observed(MemberFacts facts, JournalEntry entry)
    {
        _served = facts.Serves;
        Seen(facts, entry);
    }

    /// <summary>Somebody else may have put it back.</summary>
    public void Seen(MemberFacts facts, JournalEntry entry)
    {
        if (facts.Balancer is { Rotation: Rotation.In })
            Ended(entry);
    }

    /// <summary>It is back, or off again as it was found.</summary>
    public void Ended(JournalEntry entry) => Change(open => open with { To = entry.At, ToEntry = entry.Sequence });

    private void Change(Func<Absence, Absence> change)
    {
        if (_absences is [.., { To: null } open])
            _absences[^1] = change(open);
    }
}
