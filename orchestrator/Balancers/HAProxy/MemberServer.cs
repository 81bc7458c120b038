using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>One member's server on all nodes: a command goes to every node, and a condition must hold on every node.</summary>
/// <param name="nodes">The nodes.</param>
/// <param name="member">The member.</param>
/// <param name="server">Its server.</param>
/// <param name="clock">The clock.</param>
internal sealed class MemberServer(IReadOnlyList<HAProxyNode> nodes, Member member, HAProxyServer server, TimeProvider clock)
{
    /// <summary>A counter may read zero while requests wait for their retry: see reference/load-balancers.md, "Pitfalls on return", 5.</summary>
    private const int InARow = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads the server on every node.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<ServerReading>> ReadAsync(CancellationToken cancellation) =>
        await OnAllAsync(node => node.ReadAsync(server, cancellation));

    /// <summary>Sets the state on every node.</summary>
    /// <param name="state">The state.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task SetStateAsync(AdminState state, CancellationToken cancellation) =>
        TellAllAsync(node => node.SetStateAsync(server, state, cancellation));

    /// <summary>Sets the weight on every node.</summary>
    /// <param name="percent">In percent of the weight in the configuration.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task SetWeightAsync(int percent, CancellationToken cancellation) =>
        TellAllAsync(node => node.SetWeightAsync(server, percent, cancellation));

    /// <summary>Sets the address of the member on every node.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public Task SetAddressAsync(CancellationToken cancellation) =>
        TellAllAsync(node => node.SetAddressAsync(server, member.Address, cancellation));

    /// <summary>Takes the credit from the check on every node.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public Task ForgetChecksAsync(CancellationToken cancellation) =>
        TellAllAsync(node => node.ForgetChecksAsync(server, cancellation));

    /// <summary>Waits until a condition has held on every node three times in a row.</summary>
    /// <param name="state">The state that was set. Another one ends the wait with an error: somebody else or a reload has changed it.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The last readings.</returns>
    public async Task<IReadOnlyList<ServerReading>> WaitAsync(AdminState state, Func<ServerReading, bool> condition, CancellationToken cancellation)
    {
        for (var held = 0; ; await Task.Delay(Interval, clock, cancellation))
        {
            var readings = await ReadAsAsync(state, cancellation);
            held = readings.All(condition) ? held + 1 : 0;
            if (held == InARow)
                return readings;
        }
    }

    /// <summary>
    /// Holds the server in maintenance without idle connections, which may lead to a machine that is gone. Entering
    /// maintenance drops them; what was busy then and became idle since is dropped by entering it again.
    /// </summary>
    /// <param name="empty">Whether it must be empty first; a member on its way back holds nothing that could be lost.</param>
    /// <param name="cut">Whether open sessions are cut.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The last readings.</returns>
    public async Task<IReadOnlyList<ServerReading>> FlushAsync(bool empty, bool cut, CancellationToken cancellation)
    {
        while (true)
        {
            await SetStateAsync(AdminState.Maintenance, cancellation);
            if (cut)
                await TellAllAsync(node => node.CutSessionsAsync(server, cancellation));
            var readings = empty
                ? await WaitAsync(AdminState.Maintenance, reading => reading.IsEmpty, cancellation)
                : await ReadAsAsync(AdminState.Maintenance, cancellation);
            if (readings.All(reading => reading.Idle == 0))
                return readings;
            await SetStateAsync(AdminState.Drain, cancellation);
        }
    }

    /// <summary>The worst over all nodes. Nodes that do not agree on rotation or address are unclear.</summary>
    /// <param name="readings">A reading of each node.</param>
    public BalancerFacts Worst(IReadOnlyList<ServerReading> readings)
    {
        var agreed = readings.All(reading => reading.Rotation == readings[0].Rotation && reading.Address == readings[0].Address);
        return new BalancerFacts(
            agreed ? readings[0].Rotation : Rotation.Unclear,
            readings.Select(reading => reading.Health).MaxBy(health => health switch
            {
                BalancerHealth.Up => 0,
                BalancerHealth.Unchecked => 1,
                BalancerHealth.Changing => 2,
                _ => 3,
            }),
            readings.Sum(reading => reading.Sessions + reading.Queued + reading.Old),
            readings.All(reading => reading.FullShare),
            readings[0].Address,
            string.Join("; ", readings.Select(reading => reading.Detail)),
            clock.GetUtcNow());
    }

    /// <summary>Whether a node sends the member's work to the member.</summary>
    /// <param name="reading">What the node says.</param>
    public bool IsAtMember(ServerReading reading) => reading.IsAt(member.Address);

    /// <summary>The error that a server which should be let in works for another address already: moving it would take that one out of rotation.</summary>
    /// <param name="reading">What a node says.</param>
    public AdapterException IsAnothers(ServerReading reading) => new(new Reason(
        ILoadBalancer.AddressDiffers,
        $"{member.Id} is at {member.Address}, and its server is in rotation at another address, where it was left: {reading.Detail}.",
        "correct the name of the server or the address, in the fleet file or at HAProxy"));

    /// <summary>The error that a command took, and the server reads back otherwise.</summary>
    /// <param name="expected">What it was set to.</param>
    /// <param name="detail">What it reads back.</param>
    public AdapterException NotAsSet(string expected, string detail) => new(new Reason(
        "balancer-read-back",
        $"{member.Id} was set to {expected}, and HAProxy reads back otherwise: {detail}.",
        "find out who else sets this server or reloads HAProxy (a reload loses what was set unless server-state-file is used), then try again"));

    private async Task<IReadOnlyList<ServerReading>> ReadAsAsync(AdminState state, CancellationToken cancellation)
    {
        var readings = await ReadAsync(cancellation);
        return readings.FirstOrDefault(reading => reading.Admin != state) is { } lost ? throw NotAsSet(state.ToString(), lost.Detail) : readings;
    }

    private Task<bool[]> TellAllAsync(Func<HAProxyNode, Task> command) =>
        OnAllAsync(async node =>
        {
            await command(node);
            return true;
        });

    private async Task<T[]> OnAllAsync<T>(Func<HAProxyNode, Task<T>> ask)
    {
        var answers = nodes.Select(ask).ToList();
        try
        {
            return await Task.WhenAll(answers);
        }
        catch (AdapterException e)
        {
            var failed = answers.SelectMany(answer => answer.Exception?.InnerExceptions ?? []).OfType<AdapterException>().ToList();
            throw new AdapterException(
                e.Reason with
                {
                    Text = $"{member.Id}: {string.Join(" ", failed.Select(failure => failure.Reason.Text))} "
                        + $"{nodes.Count - failed.Count} of {nodes.Count} nodes did as asked.",
                },
                e);
        }
    }
}
