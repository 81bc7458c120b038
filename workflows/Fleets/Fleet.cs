namespace Refresh.Workflows.Fleets;

/// <summary>A named set of pairs, described by one fleet file.</summary>
/// <param name="Name">The fleet's name: the key of its lease, so that it has one run at a time (promise 6).</param>
/// <param name="Pairs">Its pairs, in the order of the fleet file; that order is the order of a run.</param>
/// <param name="Policy">How a run goes about it.</param>
public sealed record Fleet(string Name, IReadOnlyList<Pair> Pairs, RefreshPolicy Policy)
{
    /// <summary>All members, pair by pair.</summary>
    public IEnumerable<Member> Members() => Pairs.SelectMany(pair => pair.Members());
}

/// <summary>Two members behind one load balancer that back each other.</summary>
/// <param name="Name">The pair's name, unique in its fleet.</param>
/// <param name="First">The member that the fleet file names first.</param>
/// <param name="Second">Its peer.</param>
public sealed record Pair(string Name, Member First, Member Second)
{
    /// <summary>Both members, in the order of the fleet file.</summary>
    public IEnumerable<Member> Members() => [First, Second];

    /// <summary>The other member of the pair.</summary>
    /// <param name="member">One of the two.</param>
    /// <returns>Its peer.</returns>
    /// <exception cref="ArgumentException">The member is not of this pair.</exception>
    public Member PeerOf(MemberId member) =>
        member == First.Id ? Second
        : member == Second.Id ? First
        : throw new ArgumentException($"{member} is not a member of pair {Name}.", nameof(member));

    /// <summary>The member of that name.</summary>
    /// <param name="member">One of the two.</param>
    /// <returns>The member.</returns>
    /// <exception cref="ArgumentException">The member is not of this pair.</exception>
    public Member Get(MemberId member) => PeerOf(PeerOf(member).Id);
}

/// <summary>One VM of a pair.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Address">Where it serves; a rebuild in place keeps it.</param>
public sealed record Member(MemberId Id, Endpoint Address);
