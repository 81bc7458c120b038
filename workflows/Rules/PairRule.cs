using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Rules;

/// <summary>
/// Promise 1: a member leaves rotation only while its peer is in rotation, seen up by the load balancer itself, healthy by
/// our own probe, and claimed by no other run.
/// </summary>
public static class PairRule
{
    /// <summary>Decides whether a member may leave rotation.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="facts">What was observed of both.</param>
    /// <param name="now">When it is decided.</param>
    /// <param name="maxAge">Facts older than this decide nothing.</param>
    /// <returns>Yes, or every reason against it.</returns>
    public static Verdict MayLeave(Pair pair, PairFacts facts, DateTimeOffset now, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(facts);
        return new Verdict([.. Claim(facts), .. MemberKnown(pair.Get(facts.Member.Id), facts.Member), .. Serving(pair.Get(facts.Peer.Id), facts.Peer, now, maxAge)]);
    }

    /// <summary>All that speaks against a member serving: what the pair rule asks of the peer, and what its watch looks for during an absence.</summary>
    /// <param name="member">The member.</param>
    /// <param name="facts">What was observed of it.</param>
    /// <param name="now">When it is decided.</param>
    /// <param name="maxAge">Facts older than this decide nothing.</param>
    /// <returns>Every reason against it; none when it serves.</returns>
    public static IEnumerable<Reason> Serving(Member member, MemberFacts facts, DateTimeOffset now, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(facts);
        return [.. Elsewhere(member, facts.Balancer), .. Balancer(facts, now, maxAge), .. Probe(facts, now, maxAge)];
    }

    /// <summary>All that speaks against destroying a VM whose member was held out: somebody may have put it in rotation since.</summary>
    /// <param name="member">The member.</param>
    /// <param name="seen">What the load balancer says of it.</param>
    /// <returns>Every reason against it; none when it is out.</returns>
    public static IEnumerable<Reason> StillOut(Member member, BalancerFacts seen)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(seen);
        foreach (var elsewhere in Elsewhere(member, seen))
            yield return elsewhere;
        if (seen.Rotation != Rotation.Out)
            yield return new Reason("not-out", $"{member.Id} was held out to be rebuilt and is not any more: {seen.Detail}", "whoever changed the load balancer, by hand or by a reload, is asked; then run again");
    }

    private static IEnumerable<Reason> Claim(PairFacts facts)
    {
        if (facts.ClaimedBy is { } run)
            yield return new Reason("claimed", $"{facts.Member.Id} or its peer is claimed by run {run}", $"run {run} ends");
    }

    /// <summary>Of a member that leaves it must be known whether it serves: only one that does goes back when its peer goes bad.</summary>
    private static IEnumerable<Reason> MemberKnown(Member member, MemberFacts seen)
    {
        foreach (var elsewhere in Elsewhere(member, seen.Balancer))
            yield return elsewhere;
        if (seen.Balancer is null)
            yield return Unread("member-unknown", seen, "the load balancer");
        else if (seen is { Balancer.Serves: true, Probe: null })
            yield return Unread("member-unprobed", seen, "the health probe");
    }

    /// <summary>What the load balancer says is then said of another machine than the one that is probed and rebuilt.</summary>
    private static IEnumerable<Reason> Elsewhere(Member member, BalancerFacts? seen)
    {
        if (seen is not null && !member.Address.MayBe(seen.Address))
            yield return new Reason("address-differs", $"the load balancer sends the work of {member.Id} to {seen.Address}, and {member.Id} is at {member.Address}", "the name of its server, or its address, is corrected in the fleet file or at the load balancer");
    }

    private static IEnumerable<Reason> Balancer(MemberFacts peer, DateTimeOffset now, TimeSpan maxAge)
    {
        if (peer.Balancer is not { } seen)
        {
            yield return Unread("peer-unknown", peer, "the load balancer");
            yield break;
        }

        if (now - seen.At > maxAge)
            yield return Stale(peer, "the load balancer", now - seen.At);
        if (seen.Rotation != Rotation.In)
            yield return new Reason("peer-not-in-rotation", $"{peer.Id} is not in rotation: {seen.Detail}", $"{peer.Id} is put back in rotation");
        if (seen.Health != BalancerHealth.Up)
            yield return new Reason("peer-down-at-balancer", $"the load balancer does not see {peer.Id} up: {seen.Detail}", $"the balancer's check of {peer.Id} passes");
        if (seen.Rotation == Rotation.In && !seen.FullShare)
            yield return new Reason("peer-warming-up", $"{peer.Id} does not get its full share yet: {seen.Detail}", $"{peer.Id} has its full weight");
    }

    private static IEnumerable<Reason> Probe(MemberFacts peer, DateTimeOffset now, TimeSpan maxAge)
    {
        if (peer.Probe is not { } seen)
        {
            yield return Unread("peer-unprobed", peer, "the health probe");
            yield break;
        }

        if (now - seen.At > maxAge)
            yield return Stale(peer, "the health probe", now - seen.At);
        if (!seen.Healthy)
            yield return new Reason("peer-unhealthy", $"{peer.Id} is not healthy: {seen.Detail}", $"the probes of {peer.Id} pass");
    }

    private static Reason Stale(MemberFacts facts, string source, TimeSpan age) =>
        new("facts-stale", $"what {source} said of {facts.Id} is {age.TotalSeconds:0.#} s old", "it is read again");

    private static Reason Unread(string code, MemberFacts facts, string source) =>
        new(code, $"{source} could not be read for {facts.Id}{Why(facts)}", $"{source} can be read");

    private static string Why(MemberFacts facts) =>
        facts.Unread.Count > 0 ? ": " + string.Join("; ", facts.Unread.Select(reason => reason.Text)) : string.Empty;
}
