using Refresh.Workflows.Facts;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>The probes of one member in a row: two of a kind turn it.</summary>
/// <param name="Up">Whether it counts as up.</param>
/// <param name="Passed">Probes that passed in a row.</param>
/// <param name="Failed">Probes that failed in a row.</param>
internal sealed record ProbeCount(bool Up, int Passed, int Failed)
{
    private const int ToTurn = 2;

    /// <summary>Not probed yet: the first probe decides alone.</summary>
    public static ProbeCount None { get; } = new(false, 0, 0);

    /// <summary>Counts as down whatever was seen before: what is under the address may be another machine now.</summary>
    public static ProbeCount Forgotten { get; } = new(false, 0, ToTurn);

    /// <summary>How the member is seen.</summary>
    public BalancerHealth Health =>
        this == None ? BalancerHealth.Unchecked
        : Up && Failed == 0 ? BalancerHealth.Up
        : !Up && Passed == 0 ? BalancerHealth.Down
        : BalancerHealth.Changing;

    /// <summary>Counts one more probe.</summary>
    /// <param name="passed">Whether it passed.</param>
    public ProbeCount Add(bool passed)
    {
        var count = passed ? (Passed: Math.Min(Passed + 1, ToTurn), Failed: 0) : (Passed: 0, Failed: Math.Min(Failed + 1, ToTurn));
        var decides = this == None || count.Passed == ToTurn || count.Failed == ToTurn;
        return new ProbeCount(decides ? passed : Up, count.Passed, count.Failed);
    }
}
