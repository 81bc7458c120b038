namespace Refresh.Simulation.Proof;

/// <summary>The peer is watched during the whole absence (promise 1): looked at as time goes by.</summary>
internal sealed partial class WorldObserver
{
    /// <summary>Two looks and a journal write, none of them slow.</summary>
    private static readonly TimeSpan s_callBack = TimeSpan.FromSeconds(20);

    /// <summary>When each pair was taken up by a rollback.</summary>
    private readonly Dictionary<string, TimeSpan> _takenUp = new(StringComparer.Ordinal);

    /// <summary>Looks whether a member that still lives is called back when its peer no longer serves.</summary>
    /// <param name="undisturbed">Since when one worker has been up without a stop, a slow or lost answer, or a clock that was set.</param>
    public void Passes(TimeSpan undisturbed)
    {
        foreach (var member in world.Members)
            world.Settle(member);
        HearsOfRevocation(undisturbed);
        foreach (var member in world.Members)
        {
            if (member is not { OutByUs: true, ServedWhenLeft: true, Operation: null, Vm: { } vm } || vm != member.LeftWith || member.Peer.BadSince is not { } bad)
                continue;
            var since = new[] { bad, member.LeftAt, undisturbed, _takenUp.GetValueOrDefault(member.Id.Pair) }.Max();
            // A frozen pair is a person's; and where an earlier rebuild may go on, that is found out first.
            var left = !_underWay.Contains(member.Id.Pair) || AtWork(member) is not { } active || _unknown.Contains(active.Id);
            Holds(left || member.RejoinAskedAt >= since || world.Now - since < s_callBack, "promise 1", $"{member.Id} lives and stays out, and {member.Peer.Id} has not served for {(world.Now - bad).TotalSeconds:0} s");
        }
    }
}
