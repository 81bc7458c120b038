using System.Net.Sockets;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.Yarp;

/// <summary>
/// The embedded balancer seen from outside its process, for those who only look: it reads the state file and asks each
/// member once itself. It does not listen and changes nothing.
/// </summary>
/// <param name="settings">Where the balancer listens, and how it checks.</param>
/// <param name="clock">The clock.</param>
public sealed class YarpObserver(YarpSettings settings, TimeProvider clock) : ILoadBalancer, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly AdapterException OnlyLooking = new(new Reason(
        "balancer-only-observed",
        "The embedded balancer is seen from outside its process, and takes no command there.",
        "the command is given by the process that runs it"));

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero });

    /// <summary>Says what cannot be known from outside.</summary>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>In sentences.</returns>
    public async Task<IReadOnlyList<string>> UnknownAsync(CancellationToken cancellation) =>
    [
        await IsListeningAsync(cancellation)
            ? $"The balancer is part of the process of a run. Something listens on {settings.Listen} now: a run of this fleet, or another program, and then a run would be refused."
            : $"The balancer is part of the process of a run. Nothing listens on {settings.Listen} now; a run begins to.",
        "Its open requests, and what its own checks have seen, are not known from here: rotation was read from its state file, and each member was asked once.",
    ];

    /// <inheritdoc />
    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation)
    {
        try
        {
            RotationStore.Read(settings.StateFile);
            return Task.FromResult<IReadOnlyList<Reason>>([]);
        }
        catch (AdapterException unreadable)
        {
            return Task.FromResult<IReadOnlyList<Reason>>([unreadable.Reason]);
        }
    }

    /// <inheritdoc />
    public async Task<BalancerFacts> ObserveAsync(Member member, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        var rotation = RotationStore.Read(settings.StateFile).GetValueOrDefault(member.Id.ToString(), Rotation.In);
        var answer = await AskAsync(member, cancellation);
        return new BalancerFacts(
            rotation,
            answer is null ? BalancerHealth.Up : BalancerHealth.Down,
            Sessions: 0,
            FullShare: rotation == Rotation.In,
            member.Address,
            $"yarp, seen from outside: {member.Id} {rotation} by its state file, GET {settings.HealthPath} {answer ?? "passed"}, open requests not known",
            clock.GetUtcNow());
    }

    /// <inheritdoc />
    public Task<BalancerFacts> DrainAsync(Member member, CancellationToken cancellation) => throw OnlyLooking;

    /// <inheritdoc />
    public Task<BalancerFacts> HoldAsync(Member member, bool cut, CancellationToken cancellation) => throw OnlyLooking;

    /// <inheritdoc />
    public Task<BalancerFacts> RejoinAsync(Member member, Func<CancellationToken, Task> fence, CancellationToken cancellation) => throw OnlyLooking;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>What speaks against a member, asked as the balancer asks; null when nothing does.</summary>
    private async Task<string?> AskAsync(Member member, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri($"http://{member.Address}/"), settings.HealthPath));
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : $"answered {(int)response.StatusCode}";
        }
        catch (HttpRequestException failure)
        {
            return $"failed: {failure.Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"was not answered within {Patience.TotalSeconds:0} s";
        }
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Every address is also this machine's own.
            var host = settings.Listen.Host is "0.0.0.0" or "::" ? "localhost" : settings.Listen.Host;
            await socket.ConnectAsync(host, settings.Listen.Port, either.Token);
            return true;
        }
        catch (Exception nobody) when (nobody is SocketException || (nobody is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
