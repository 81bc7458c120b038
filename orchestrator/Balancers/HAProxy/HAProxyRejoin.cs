using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>
/// The way back into rotation: proved by HAProxy's own checks while it gets no work, then let in without connections
/// from before, then up to its full share. It may be begun again at any point. See reference/load-balancers.md,
/// "Pitfalls on return".
/// </summary>
/// <param name="server">The member's server.</param>
/// <param name="settings">Weights and their interval.</param>
/// <param name="clock">The clock.</param>
/// <param name="fence">Awaited before a command, at the beginning and after each wait.</param>
internal sealed class HAProxyRejoin(MemberServer server, HAProxySettings settings, TimeProvider clock, Func<CancellationToken, Task> fence)
{
    /// <summary>Goes the way.</summary>
    /// <param name="cancellation">Ends it; the member stays where it has come to.</param>
    /// <returns>What was read back.</returns>
    public async Task<BalancerFacts> RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<int> steps = settings.RejoinWeights is [] ? [100] : settings.RejoinWeights;
        var readings = await server.ReadAsync(cancellation);
        if (readings.FirstOrDefault(reading => reading.Rotation == Rotation.In && !server.IsAtMember(reading)) is { } another)
            throw server.IsAnothers(another);
        var share = readings.Min(reading => reading.Weight * 100 / Math.Max(1, reading.FullWeight));
        if (!readings.All(reading => reading.Rotation == Rotation.In && server.IsAtMember(reading)))
        {
            await ProveAsync(readings, cancellation);
            await fence(cancellation);
            await server.FlushAsync(empty: false, cut: false, cancellation);
            share = steps[0];
            await server.SetWeightAsync(share, cancellation);
            await server.SetStateAsync(AdminState.Ready, cancellation);
        }

        foreach (var step in steps.Where(step => step > share))
        {
            await server.WaitAsync(AdminState.Ready, reading => reading.IsUp || reading.Weight == 0, cancellation);
            await Task.Delay(settings.RejoinInterval, clock, cancellation);
            await fence(cancellation);
            await server.SetWeightAsync(step, cancellation);
        }

        return server.Worst(await server.WaitAsync(AdminState.Ready, reading => reading.IsUp && reading.FullShare, cancellation));
    }

    /// <summary>
    /// Waits in drain until the checks of every node speak for it. One that is already draining at its address was
    /// checked all the time, so that a member whose peer goes bad is back at once. Any other has its credit taken:
    /// leaving maintenance, HAProxy would call it up before it has asked.
    /// </summary>
    private async Task ProveAsync(IReadOnlyList<ServerReading> readings, CancellationToken cancellation)
    {
        if (!readings.All(reading => reading.IsDrained && reading.Admin == readings[0].Admin && server.IsAtMember(reading)))
        {
            await fence(cancellation);
            await server.SetStateAsync(AdminState.Maintenance, cancellation);
            if (!readings.All(server.IsAtMember))
                await MoveAsync(cancellation);
            await server.SetStateAsync(AdminState.Drain, cancellation);
            readings = await server.ReadAsync(cancellation);
            if (readings.All(reading => reading.IsChecked))
                await server.ForgetChecksAsync(cancellation);
        }

        await server.WaitAsync(readings[0].Admin, reading => reading.IsProved, cancellation);
    }

    /// <summary>Only in maintenance: while it is up, pooled connections to the old address stay in use.</summary>
    private async Task MoveAsync(CancellationToken cancellation)
    {
        await server.SetAddressAsync(cancellation);
        if ((await server.ReadAsync(cancellation)).FirstOrDefault(reading => !server.IsAtMember(reading)) is { } other)
            throw server.NotAsSet("its address", other.Detail);
    }
}
