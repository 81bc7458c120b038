using Refresh.Orchestrator.Tests.Probes;
using Refresh.Simulation.Faults;
using Refresh.Simulation.World;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Simulated;

/// <summary>The compliance suite with the simulated probes.</summary>
public sealed class SimulatedProbeTests : HealthProbeCompliance
{
    private LiveWorld _live = null!;

    protected override string HealthyWords => "200";

    protected override string SickWords => "no good answer";

    protected override IHealthProbe Probe(TimeSpan timeout) => new Live(_live, timeout);

    protected override Task<Member> HealthyAsync() => MemberAsync(_ => { });

    protected override Task<Member> SickAsync() => MemberAsync(member => member.Vm!.Sick = true);

    protected override Task<Member> AbsentAsync() => MemberAsync(member => member.Vm = null);

    protected override async Task<Member> HangingAsync()
    {
        var member = await HealthyAsync();
        await _live.LetStrikeAsync(Fault.CallLost, member);
        return member;
    }

    private async Task<Member> MemberAsync(Action<SimulatedMember> change)
    {
        _live = Keep(await LiveWorld.StartAsync(1));
        await _live.ChangeAsync(world => change(world[_live.First.Id]));
        return _live.First;
    }

    private sealed class Live(LiveWorld live, TimeSpan timeout) : IHealthProbe
    {
        private readonly SimulatedGuests _inner = new(live.World, live.Network) { Patience = timeout };

        public Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation) => live.CallAsync(token => _inner.ProbeAsync(member, token), cancellation);
    }
}
