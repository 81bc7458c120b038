using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>The part that replaces VMs and proves them.</summary>
internal sealed partial class Carrier
{
    private IEnumerable<TimeSpan> Preview(Job job, Preview intent)
    {
        var member = world[intent.Member];
        yield return scenario.Between(0.5, 5);
        if (scenario.Strikes(Fault.PreviewFails))
        {
            job.Outcome = Failure("preview-failed");
            yield break;
        }

        var operation = member.Identity is null ? PlannedOperation.Create : PlannedOperation.Replace;
        List<PlannedStep> steps = [new(operation, PlannedSubject.MemberVm, $"vm of {member.Id}", "simulated")];
        if (scenario.Strikes(Fault.PreviewTouchesPeer))
            steps.Add(new PlannedStep(PlannedOperation.Replace, PlannedSubject.PeerVm, $"vm of {world.PeerOf(member.Id).Id}", "simulated"));
        job.Outcome = new Previewed(new RebuildPreview(intent.Id, steps, member.Vm(world.Now)));
    }

    private IEnumerable<TimeSpan> Rebuild(Job job, Rebuild intent)
    {
        var member = world[intent.Member];
        yield return scenario.Between(0.1, 2);
        if (intent.MayReturn)
        {
            var peer = world.PairFacts(intent.Member).Peer;
            var refusals = PairRule.Serving(world.MemberOf(peer.Id), peer, world.Now, Policy.Guard.MaxAge).ToList();
            if (refusals.Count > 0)
            {
                job.Outcome = new RebuildRefused(peer, refusals);
                yield break;
            }
        }

        world.Observer.Rebuilds(member, intent);
        member.RebuildBegun = true;
        member.OutByUs = true;
        if (scenario.Strikes(Fault.RebuildFailsBefore) || scenario.Strikes(Fault.RebuildDoesNothing))
        {
            yield return scenario.Between(0.1, 20);
            job.Outcome = scenario.Chance(0.5) ? Failure("rebuild-failed") : new Rebuilt(member.Vm(world.Now));
            yield break;
        }

        member.Provisioning = true;
        foreach (var wait in Replace(job, member, intent))
            yield return wait;
        member.Provisioning = false;
        job.Outcome ??= scenario.Strikes(Fault.RebuildFailsAfter) ? Failure("rebuild-failed") : new Rebuilt(member.Vm(world.Now));
    }

    /// <summary>The provisioner's own work, which may go on when the worker that asked for it is lost.</summary>
    public IEnumerable<TimeSpan> Replace(Job job, SimulatedMember member, Rebuild intent)
    {
        yield return scenario.Between(0.1, 10);
        world.Remove(member);
        yield return scenario.Strikes(Fault.RebuildTooSlow) ? Policy.Rebuild.Timeout * 2 : scenario.Between(1, 30);
        if (scenario.Strikes(Fault.RebuildFailsHalfway))
            job.Outcome = Failure("rebuild-failed");
        else
            world.Make(member, intent.Image);
        yield return scenario.Between(0.1, 5);
    }

    private IEnumerable<TimeSpan> Recover(Job job, Recover intent)
    {
        var member = world[intent.Member];
        if (intent.NotBefore > world.Now)
            yield return intent.NotBefore.Value - world.Now;
        yield return scenario.Between(0.1, 5);
        while (member.Provisioning)
            yield return s_look;
        if (scenario.Strikes(Fault.RecoverFails))
        {
            job.Outcome = Failure("recover-failed");
            yield break;
        }

        var fate = member.Identity is null ? RebuildFate.Gone
            : member.Identity == intent.Before.Identity ? member.Power == VmPower.Off ? RebuildFate.Gone : RebuildFate.Untouched
            : RebuildFate.Happened;
        job.Outcome = new Recovered(new RebuildRecovery(fate, member.Vm(world.Now), ["looked"]));
    }

    private IEnumerable<TimeSpan> PowerOff(Job job, PowerOff intent)
    {
        var member = world[intent.Member];
        yield return scenario.Between(0.1, 5);
        if (scenario.Strikes(Fault.PowerOffFails))
        {
            job.Outcome = scenario.Chance(0.5) ? Failure("power-off-failed") : new PoweredOff(member.Vm(world.Now));
            yield break;
        }

        world.PowerOff(member, intent.Vm);
        yield return scenario.Between(0.1, 2);
        job.Outcome = new PoweredOff(member.Vm(world.Now));
    }

    private IEnumerable<TimeSpan> Verify(Job job, Verify intent)
    {
        var member = world[intent.Member];
        var expected = Scenario.New with { Ref = intent.Image };
        VerificationFacts Seen(int passes) => new(expected, member.Vm(world.Now), member.Guest(world.Now), passes, member.Probe(world.Now), []);
        for (var passes = 0; world.Now + s_look < intent.Deadline;)
        {
            yield return s_look;
            passes = member.Answers ? passes + 1 : 0;
            if (passes < Policy.Verify.Passes)
                continue;
            if (member.Identity != intent.VmBefore.Identity && member.Image == intent.Image)
                member.Proved = member.Identity;
            job.Outcome = new Examined(Seen(passes));
            yield break;
        }

        job.Outcome = new Examined(Seen(0));
    }
}
