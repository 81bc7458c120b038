using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Decisions;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Bugs;

/// <summary>Nobody asks whether the image was revoked.</summary>
internal sealed class RevocationNotHeard : PlantedBug
{
    public override RunPorts Ports(RunPorts ports) => ports with { Images = new NeverRevoked(ports.Images) };
}

/// <summary>That the image was revoked is recorded, and changes nothing.</summary>
internal sealed class RevocationIgnored : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        if (stimulus is not RevocationSeen seen)
            return base.Decide(run, stimulus, at);
        var happened = new ImageRevoked(seen.Revocation);
        return new Decision(run.Apply(happened, at > run.UpdatedAt ? at : run.UpdatedAt), [happened]);
    }
}

/// <summary>The run ends, and what is under way is made from the revoked image still.</summary>
internal sealed class RevokedImageMadeAgain : PlantedBug
{
    public override Decision Decide(Run run, Stimulus stimulus, DateTimeOffset at)
    {
        var decision = base.Decide(stimulus is RevocationSeen ? run : run with { Revoked = null }, stimulus, at);
        return decision with { Run = decision.Run with { Revoked = decision.Run.Revoked ?? run.Revoked } };
    }
}
