using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>
/// YARP in this process: it answers as long as this object lives. Members that are out of rotation stay out over a
/// restart. See reference/load-balancers.md, "YARP, embedded".
/// </summary>
public sealed class YarpBalancer : ILoadBalancer, IAsyncDisposable
{
    /// <summary>A destination is picked a moment before its request is counted.</summary>
    private const int InARow = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly YarpSettings _settings;
    private readonly TimeProvider _clock;
    private readonly RotationStore _rotations;
    private readonly WebApplication _app;
    private readonly YarpSite _site;

    /// <summary>Creates the balancer; does not listen yet.</summary>
    /// <param name="settings">Where it listens and how it checks.</param>
    /// <param name="members">The members of the fleet.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">Where it logs.</param>
    /// <exception cref="AdapterException">The state file cannot be read.</exception>
    public YarpBalancer(YarpSettings settings, IEnumerable<Member> members, TimeProvider clock, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _clock = clock;
        _rotations = new RotationStore(settings.StateFile);
        _app = YarpHost.Build(settings, _rotations, logs);
        _site = new YarpSite(_app.Services, settings, members);
    }

    /// <summary>Where it listens, once started.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Listens, and returns once every member was probed for the first time.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AdapterException">The address cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            throw new AdapterException(
                new Reason("balancer-not-listening", $"The balancer cannot listen on {_settings.Listen}: {e.Message}", "end what listens there (it may be a run of this fleet: `refresh status`), or change the address in the fleet file"),
                e);
        }

        while (!_site.IsProbed)
            await Task.Delay(Interval, _clock, cancellation);
    }

    /// <summary>Stops listening, finishes the requests that were begun (for 30 s at most), and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(members);
        IReadOnlyList<Reason> reasons =
        [
            .. _app.Urls.Count > 0 ? [] : new[] { YarpSite.NotStarted },
            .. members.Where(member => !_site.Knows(member)).Select(YarpSite.Unknown),
        ];
        return Task.FromResult(reasons);
    }

    /// <inheritdoc />
    public Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation) => Task.FromResult(Read(member));

    /// <inheritdoc />
    public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation)
    {
        if (Read(member) is { Rotation: Rotation.Out } held)
            return Task.FromResult(held);
        Set(member, Rotation.Draining);
        return Task.FromResult(ReadBack(member, Rotation.Draining));
    }

    /// <inheritdoc />
    public async Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation)
    {
        if (Read(member) is { Rotation: Rotation.In } serving)
        {
            throw new AdapterException(new Reason(
                "balancer-not-drained",
                $"{member.Id} is not held out, because it is in rotation: {serving.Detail}.",
                "drain it first"));
        }

        Set(member, Rotation.Out);
        await WaitAsync(
            () =>
            {
                if (cut)
                    _site.Cut(member);
                return Read(member).Sessions == 0;
            },
            cancellation);
        _site.DropConnections(member);
        return ReadBack(member, Rotation.Out);
    }

    /// <inheritdoc />
    public async Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fence);
        var before = Read(member);
        var moved = before.Address != member.Address;
        if (before.Rotation != Rotation.In || moved)
        {
            // One that only drained at its address was probed all the time, so that it is back at once.
            if (before.Rotation != Rotation.Draining || moved)
            {
                await fence(cancellation);
                Set(member, Rotation.Out);
                _site.Move(member);
                await WaitAsync(() => Read(member).Address == member.Address, cancellation);
                _site.ForgetProbes(member);
            }

            await WaitAsync(() => Read(member).Health == BalancerHealth.Up, cancellation);
            await fence(cancellation);
            _site.DropConnections(member);
            Set(member, Rotation.In);
        }

        await WaitAsync(() => Read(member).Serves, cancellation);
        return ReadBack(member, Rotation.In);
    }

    private BalancerFacts Read(Member member)
    {
        var destination = _site.Find(member);
        var name = member.Id.ToString();
        var set = _rotations[name];
        var available = _site.GivesWork(destination);
        var probes = _site.Probes(member.Id);
        var address = new Uri(destination.Model.Config.Address);
        return new BalancerFacts(
            set != Rotation.In && available ? Rotation.Unclear : set,
            probes.Health == BalancerHealth.Up && !available && set == Rotation.In ? BalancerHealth.Changing : probes.Health,
            destination.ConcurrentRequestCount,
            FullShare: set == Rotation.In,
            new Endpoint(address.Host.Trim('[', ']'), address.Port),
            $"yarp: {name} {set}, {(available ? "gets" : "gets no")} new work, probes passed {probes.Passed} failed {probes.Failed} in a row, requests {destination.ConcurrentRequestCount}",
            _clock.GetUtcNow());
    }

    private BalancerFacts ReadBack(Member member, Rotation expected)
    {
        var facts = Read(member);
        return facts.Rotation == expected
            ? facts
            : throw new AdapterException(new Reason(
                "balancer-read-back",
                $"{member.Id} was set to {expected}, and the balancer reads back otherwise: {facts.Detail}.",
                "find out who else sets this member, then try again"));
    }

    private void Set(Member member, Rotation rotation)
    {
        _rotations.Set(member.Id.ToString(), rotation);
        _site.Refresh();
    }

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellation)
    {
        for (var held = 0; held < InARow; held = condition() ? held + 1 : 0)
            await Task.Delay(Interval, _clock, cancellation);
    }
}
