using Refresh.Orchestrator.Tests.Provisioners;
using Refresh.Simulation.Faults;
using Refresh.Simulation.World;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Simulated;

/// <summary>The compliance suite with the simulated provisioner.</summary>
public sealed class SimulatedProvisionerTests : ProvisionerCompliance
{
    private const int Speed = 60;

    protected override async Task<ProvisionerWorld> CreateAsync() => new World(await LiveWorld.StartAsync(Speed));

    private sealed class World(LiveWorld live) : ProvisionerWorld
    {
        public override IProvisioner Provisioner { get; } = new LiveProvisioner(live);

        public override Member First => live.First;

        public override Member Peer => live.Second;

        public override GoldenImage Old => Scenario.Old;

        public override GoldenImage New => Scenario.New;

        public override Task ReplaceFromOutsideAsync(Member member) =>
            live.ChangeAsync(world => world[member.Id].Vm = new SimulatedVm(9, member.Id.ToString(), Old.Ref, Scenario.Start, world.Now));

        public override Task LetRebuildFailAsync(Member member) => live.LetStrikeAsync(Fault.RebuildFailsHalfway, member);

        public override Task LetRebuildSucceedUnheardAsync(Member member) => live.LetStrikeAsync(Fault.RebuildUnheard, member);

        public override Task SwitchOffAsync(Member member) => live.ChangeAsync(world => world[member.Id].Vm!.Off = true);

        public override ValueTask DisposeAsync() => live.DisposeAsync();
    }
}
