using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Engine;

/// <summary>Gathers what can be observed of members. What cannot be read is a fact too: it is left out, with its reason.</summary>
/// <param name="ports">What it looks through.</param>
public sealed class Observer(RunPorts ports)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks at all of a member: balancer, probes, VM and guest.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>What was seen.</returns>
    public Task<MemberFacts> WholeAsync(Member member, CancellationToken cancellation) => LookAsync(member, whole: true, cancellation);

    /// <summary>Looks whether a member serves: balancer and probes.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>What was seen.</returns>
    public Task<MemberFacts> ServingAsync(Member member, CancellationToken cancellation) => LookAsync(member, whole: false, cancellation);

    /// <summary>Looks at a pair for the pair rule.</summary>
    /// <param name="run">The run that asks; other runs' claims count against it.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="member">The member that would leave.</param>
    /// <param name="whole">Whether to read its VM and guest as well.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>What was seen.</returns>
    public async Task<PairFacts> PairAsync(string run, Pair pair, MemberId member, bool whole, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var claims = pair.Members().Select(each => each.Address.ToString()).ToList();
        var claimed = JournalPatience.AskAsync(() => ports.Journal.ClaimantAsync(claims, run, cancellation), s_patience, ports.Clock, cancellation);
        var leaving = LookAsync(pair.Get(member), whole, cancellation);
        var staying = LookAsync(pair.PeerOf(member), whole: false, cancellation);
        await Task.WhenAll(claimed, leaving, staying);
        return new PairFacts(await leaving, await staying, await claimed);
    }

    private async Task<MemberFacts> LookAsync(Member member, bool whole, CancellationToken cancellation)
    {
        var unread = new List<Reason>();
        var balancer = ReadAsync(() => ports.Balancer.ObserveAsync(member, cancellation), unread);
        var probe = ReadAsync(() => ports.Probe.ProbeAsync(member, cancellation), unread);
        var vm = whole ? ReadAsync(() => ports.Provisioner.ObserveAsync(member, cancellation), unread) : Task.FromResult<VmFacts?>(null);
        var guest = whole ? ReadAsync(() => ports.Identity.ReadAsync(member, cancellation), unread) : Task.FromResult<GuestFacts?>(null);
        await Task.WhenAll(balancer, probe, vm, guest);
        return new MemberFacts(member.Id, await balancer, await probe, await vm, await guest, unread);
    }

    /// <summary>Reads one thing; what cannot be read is null, and its reason is kept.</summary>
    internal static async Task<T?> ReadAsync<T>(Func<Task<T>> read, List<Reason> unread)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AdapterException failure)
        {
            lock (unread)
                unread.Add(failure.Reason);
            return null;
        }
    }
}
