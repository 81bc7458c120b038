using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Trust;

namespace Refresh.Simulation.World;

/// <summary>Probes and guests, behind the network, and the shelf of images.</summary>
internal sealed class SimulatedGuests(SimulatedWorld world, Network network) : IHealthProbe, IGuestIdentity, IImageCatalog
{
    /// <summary>How long a probe waits for its answer; null for five seconds.</summary>
    public TimeSpan? Patience { get; init; }

    public async Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation)
    {
        SimulatedVm? vm = null;
        try
        {
            var heard = await network.AskAsync(
                "a probe",
                member.Id,
                false,
                () =>
                {
                    vm = world[member.Id].Vm;
                    return world.Probe(world[member.Id]);
                },
                cancellation,
                Patience);
            vm?.By(Process.Current.Epoch).Probed(heard.Healthy);
            return heard;
        }
        catch (AdapterException silent)
        {
            // No answer is a verdict, and ends the row of good ones.
            world[member.Id].Vm?.By(Process.Current.Epoch).Probed(false);
            return new ProbeFacts(false, silent.Reason.Text, world.Wall);
        }
    }

    public async Task<GuestFacts> ReadAsync(Member member, CancellationToken cancellation)
    {
        SimulatedVm? vm = null;
        var heard = await network.AskAsync(
            "a look into the guest",
            member.Id,
            false,
            () =>
            {
                vm = world[member.Id].Vm;
                return world.Guest(world[member.Id]) ?? throw Network.Failure("guest-silent", "a look into the guest", member.Id);
            },
            cancellation);
        vm!.By(Process.Current.Epoch).Guest = true;
        return heard;
    }

    public Task<IReadOnlyList<GoldenImage>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<GoldenImage>>([Scenario.New, Scenario.Old]);

    public Task<ImageFacts> InspectAsync(ImageRef image, IReadOnlyList<ImagePolicy> policies, CancellationToken cancellation) =>
        throw new NotSupportedException("Images are judged before a run.");

    public Task<ImageRevocation?> RevocationAsync(ImageRef image, CancellationToken cancellation) => Task.FromResult(world.Revoked);

    public Task<GoldenImage> FindAsync(string name, string? version, CancellationToken cancellation)
    {
        if (world.Scenario.Strikes(Fault.ImageUnreadable))
            throw new AdapterException(new Workflows.Reasons.Reason("image-unreadable", $"image {name}@{version} cannot be read in the simulation", "it can"));
        var found = new[] { Scenario.New, Scenario.Old }.FirstOrDefault(image => image.Ref.Version == (version ?? Scenario.New.Ref.Version));
        return found is not null ? Task.FromResult(found) : throw new AdapterException(new Workflows.Reasons.Reason("no-image", $"there is no image {name}@{version}", "it is published"));
    }
}
