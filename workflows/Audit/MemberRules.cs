using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Rules;

namespace Refresh.Workflows.Audit;

/// <summary>What is said of a member: its power, its rotation, and where provisioner, balancer and guest contradict each other.</summary>
internal static class MemberRules
{
    public static IEnumerable<Finding> Judge(FleetFacts fleet, Pair pair, Member member, MemberFacts seen, AuditFacts facts, AuditPolicy policy) =>
    [
        .. Power(fleet, pair, seen, facts),
        .. Rotation(fleet, pair, seen, facts, policy),
        .. Drift(fleet, member, seen, facts),
        .. seen.Unread.Where(reason => seen.Vm is not { Power: VmPower.Off or VmPower.Missing }).Select(reason => AuditRules.Unread(fleet.Fleet.Name, $"{seen.Id} {reason.Code}", reason)),
    ];

    private static IEnumerable<Finding> Power(FleetFacts fleet, Pair pair, MemberFacts seen, AuditFacts facts)
    {
        if (seen.Vm is { Power: VmPower.Off } vm)
        {
            var revoked = vm.Image is { } made ? facts.RevocationOf(made) : null;
            var current = revoked is null && Current(fleet, vm);
            yield return Found(fleet, seen, AuditRuleNames.Dormant, current ? Risk.Low : Risk.High,
                $"its VM is powered off and was made from {vm.Image ?? "an image that nobody knows"}{(revoked is null ? string.Empty : $", which {revoked.By} revoked at {revoked.At:u}: {revoked.Why}")}: {(current ? "it will wake up current" : "it will wake up unpatched")}",
                NextOf(fleet, pair, seen));
        }
        else if (seen.Vm is { Power: VmPower.Missing })
        {
            yield return Found(fleet, seen, AuditRuleNames.VmMissing, Risk.High, $"there is no VM for it: {seen.Vm.Detail}",
                "rebuild it with refresh run, or take its pair out of the fleet file");
        }

        if (seen.Guest?.Reboot is { } why)
            yield return Found(fleet, seen, AuditRuleNames.RebootPending, Risk.Medium, $"its guest waits for a reboot: {why}", "rebuild it: refresh run; the image should need no reboot after its first boot");
    }

    private static IEnumerable<Finding> Rotation(FleetFacts fleet, Pair pair, MemberFacts seen, AuditFacts facts, AuditPolicy policy)
    {
        if (seen.Balancer is not { } balancer || (seen.Power == VmPower.Off && StaysOff(fleet)))
            yield break;
        if (balancer.Rotation == Facts.Rotation.In && seen.Probe is { Healthy: false } probe)
        {
            yield return Found(fleet, seen, AuditRuleNames.ServesUnhealthy, Risk.High,
                $"it is in rotation ({balancer.Detail}) and its probe says: {probe.Detail}", "mend it, or take it out of rotation and rebuild it: refresh run");
        }
        else if (balancer.Rotation == Facts.Rotation.In && !balancer.Serves)
        {
            yield return Found(fleet, seen, AuditRuleNames.NotServing, Risk.Medium,
                $"it is in rotation and does not get its share: {balancer.Detail}", "see why the load balancer says so; refresh doctor tells more");
        }
        else if (balancer.Rotation != Facts.Rotation.In && Away(fleet, pair, seen, facts, policy) is { } away)
        {
            yield return away;
        }
    }

    /// <summary>The fleet file says that what is powered off stays so, and nobody expects it in rotation.</summary>
    private static bool StaysOff(FleetFacts fleet) => fleet.Fleet.Policy.Dormant is DormantAction.Refresh or DormantAction.Leave;

    private static string NextOf(FleetFacts fleet, Pair pair, MemberFacts seen) => fleet.Fleet.Policy.Dormant switch
    {
        DormantAction.Refresh => $"refresh run rebuilds it out of rotation while its peer {pair.PeerOf(seen.Id).Id} serves, and powers it off again",
        DormantAction.Leave => "it is left so by the fleet file: power it on and refresh it before it serves, or write dormant: refresh",
        DormantAction.Refuse => "no run begins while it is off, by the fleet file: power it on, or write dormant: refresh",
        _ => $"refresh run rebuilds it while its peer {pair.PeerOf(seen.Id).Id} serves, and puts it back in rotation, powered on; dormant: refresh in the fleet file leaves it off",
    };

    private static Finding? Away(FleetFacts fleet, Pair pair, MemberFacts seen, AuditFacts facts, AuditPolicy policy)
    {
        if (fleet.History.Open is { Worker: not null } open && open.Pairs.Contains(pair.Name) && !(Since(fleet, seen) is { } begun && facts.At - begun > policy.MaxAway))
            return null;
        var next = $"find out why; {pair.PeerOf(seen.Id).Id} has no one behind it. refresh run rebuilds it and puts it back";
        return Since(fleet, seen) switch
        {
            null => Found(fleet, seen, AuditRuleNames.OutOfRotation, Risk.Medium, $"it is {Word(seen.Balancer!.Rotation)} ({seen.Balancer.Detail}), by no run of this journal, and nobody knows since when", next),
            { } since when facts.At - since > policy.MaxAway => Found(fleet, seen, AuditRuleNames.OutOfRotation, Risk.High, $"it is {Word(seen.Balancer!.Rotation)} for {Durations.InWords(facts.At - since)}, since {since:u}; {Durations.InWords(policy.MaxAway)} is allowed", next),
            { } since => Found(fleet, seen, AuditRuleNames.OutOfRotation, Risk.Low, $"it is {Word(seen.Balancer!.Rotation)} since {since:u}", next),
        };
    }

    private static IEnumerable<Finding> Drift(FleetFacts fleet, Member member, MemberFacts seen, AuditFacts facts)
    {
        if (seen.Balancer is { } balancer && balancer.Address != member.Address)
        {
            yield return Found(fleet, seen, AuditRuleNames.AddressDrift, Risk.High,
                $"the load balancer sends its work to {balancer.Address}, the fleet file says {member.Address}", "correct the one that is wrong before any run: the probes would look at another machine");
        }

        if (seen is { Vm.Identity: { } vm, Guest.Vm: { } told } && GuestRule.Contradicts(told, vm))
        {
            yield return Found(fleet, seen, AuditRuleNames.GuestDrift, Risk.High,
                $"its guest says that it is VM {told}, the provisioner says {vm}", "its address leads to another machine, or the fleet file names the wrong VM: correct that before any run");
        }

        if (seen is { Vm.Image: { } made, Guest.Image: { } runs } && !IsOf(runs, made, facts))
        {
            yield return Found(fleet, seen, AuditRuleNames.ImageDrift, Risk.High,
                $"the provisioner says that it was made from {made}{Called(made, facts)}, its guest says that it runs {runs.Label}", "one of them is wrong or the machine was changed by hand: rebuild it with refresh run");
        }
    }

    // A provider's id can be compared only with an image whose ids are known.
    private static bool IsOf(ImageRef runs, string made, AuditFacts facts) =>
        made == runs.Label || (facts.Find(runs) is { } known ? ImageRules.IsMadeFrom(known.Image, made) : !made.Contains('@', StringComparison.Ordinal));

    private static string Called(string made, AuditFacts facts) =>
        facts.Images.FirstOrDefault(one => made != one.Image.Ref.Label && ImageRules.IsMadeFrom(one.Image, made)) is { } named ? $", which is {named.Image.Ref.Label}" : string.Empty;

    private static bool Current(FleetFacts fleet, VmFacts vm) => fleet.Wanted is { } wanted && ImageRules.IsMadeFrom(wanted, vm.Image);

    private static DateTimeOffset? Since(FleetFacts fleet, MemberFacts seen) =>
        fleet.History.AwaySince.TryGetValue(seen.Id, out var since) ? since : null;

    private static string Word(Facts.Rotation rotation) => rotation switch
    {
        Facts.Rotation.Draining => "draining",
        Facts.Rotation.Unclear => "in and out of rotation at once",
        _ => "out of rotation",
    };

    private static Finding Found(FleetFacts fleet, MemberFacts seen, string rule, Risk risk, string text, string next) =>
        new(rule, risk, fleet.Fleet.Name, seen.Id.ToString(), text, next);
}
