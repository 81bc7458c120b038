using System.Text.RegularExpressions;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>
/// HAProxy over its Runtime API. Several processes are told the same, and are read as their worst. It follows the
/// recipe with zero failures of reference/load-balancers.md. Requests that an old worker still holds after a reload are
/// seen where the node's master socket is known.
/// </summary>
public sealed partial class HAProxyBalancer : ILoadBalancer
{
    private readonly HAProxySettings _settings;
    private readonly TimeProvider _clock;
    private readonly HAProxyNode[] _nodes;

    /// <summary>Creates the balancer; connects to nothing.</summary>
    /// <param name="settings">Sockets, names and ways.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="FormatException">A socket is neither <c>unix:/path</c> nor <c>tcp:host:port</c>, or a name is none of HAProxy's.</exception>
    public HAProxyBalancer(HAProxySettings settings, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfZero(settings.Sockets.Count);
        if (settings.Servers.Values.FirstOrDefault(server => !Name().IsMatch(server.Backend) || !Name().IsMatch(server.Server)) is { } odd)
            throw new FormatException($"'{odd}' is not a backend and a server of HAProxy: a name has letters, digits and . : _ - only.");
        _settings = settings;
        _clock = clock;
        _nodes = [.. settings.Sockets.Select(Node)];
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) =>
        [.. (await Task.WhenAll(_nodes.Select(node => new HAProxyCheck(node, _settings).RunAsync(members, cancellation)))).SelectMany(reasons => reasons).Distinct()];

    /// <inheritdoc />
    public async Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation)
    {
        var server = ServerOf(member);
        return server.Worst(await server.ReadAsync(cancellation));
    }

    /// <inheritdoc />
    public async Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation)
    {
        var server = ServerOf(member);
        var before = server.Worst(await server.ReadAsync(cancellation));
        if (before.Rotation == Rotation.Out)
            return before;
        if (_settings.Drain == HAProxyDrain.Weight && before.Rotation == Rotation.In)
            await server.SetWeightAsync(0, cancellation);
        else
            await server.SetStateAsync(AdminState.Drain, cancellation);
        var after = server.Worst(await server.ReadAsync(cancellation));
        return after.Rotation is Rotation.Draining ? after : throw server.NotAsSet(nameof(AdminState.Drain), after.Detail);
    }

    /// <inheritdoc />
    public async Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation)
    {
        var server = ServerOf(member);
        var before = await server.ReadAsync(cancellation);
        if (before.FirstOrDefault(reading => reading.Rotation == Rotation.In) is { } serving)
        {
            throw new AdapterException(new Reason(
                "balancer-not-drained",
                $"{member.Id} is not held out, because it is in rotation: {serving.Detail}.",
                "find out who let it in (a reload loses a drain), then drain it again"));
        }

        return server.Worst(await server.FlushAsync(empty: true, cut, cancellation));
    }

    /// <inheritdoc />
    /// <remarks>A server without a check comes back without a proof and never <see cref="BalancerFacts.Serves"/>; <see cref="CheckAsync"/> says so before a run.</remarks>
    public Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation) =>
        new HAProxyRejoin(ServerOf(member), _settings, _clock, fence).RunAsync(cancellation);

    private HAProxyNode Node(HAProxySockets sockets) =>
        new(Socket(sockets.Admin), sockets.Master is { } master ? new OldWorkers(Socket(master), _clock) : null);

    private RuntimeSocket Socket(string name) => new(name, _settings.CommandTimeout, _clock);

    private MemberServer ServerOf(Member member) =>
        _settings.Servers.TryGetValue(member.Id, out var server)
            ? new MemberServer(_nodes, member, server, _clock)
            : throw new AdapterException(HAProxyCheck.Unnamed(member));

    /// <summary>HAProxy's alphabet; another character could carry another command.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]+\z")]
    private static partial Regex Name();
}
