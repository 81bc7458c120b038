using Refresh.Workflows.Facts;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Audit;

/// <summary>What is said of machines: those of no fleet, and members that share one.</summary>
internal static class MachineRules
{
    public static IEnumerable<Finding> Judge(AuditFacts facts)
    {
        var members = facts.Fleets.SelectMany(fleet => fleet.Fleet.Members().Select(member => (Fleet: fleet, Member: member, Seen: fleet.Members.GetValueOrDefault(member.Id)))).ToList();
        var hosts = members.Select(each => each.Member.Address.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var identities = members.SelectMany(each => each.Seen?.Vm?.Identity is { } identity ? new[] { identity.Id, identity.Handle } : []).ToHashSet(StringComparer.Ordinal);
        var (blind, hidden, open) = (facts.Unseen.HasFlag(Unseen.Fleets), HidesVms(facts), 0);
        foreach (var machine in facts.Machines)
        {
            // By host or identity most are found at once; a name alone needs the slow look.
            var known = (machine.Host is { } host && hosts.Contains(host))
                || (machine.Identity is { } identity && identities.Contains(identity))
                || members.Any(each => machine.Is(each.Member, each.Seen?.Vm));
            if (known)
                continue;
            // It may be a member's that could not be looked at: nobody is told to delete what may serve.
            if (blind || (hidden && machine.Identity is not null))
                open++;
            else
                yield return Unknown(machine);
        }

        if (open > 0)
        {
            yield return AuditRules.Unread(null, "machines", new Reason(
                "machines",
                $"whether {Counted.Of(open, "machine belongs", "machines belong")} to a fleet cannot be told: {(blind ? "a fleet" : "the VM of a member")} could not be looked at",
                "all fleets and their provisioners can be looked at"));
        }

        foreach (var shared in members.GroupBy(each => each.Member.Address).Where(group => group.Skip(1).Any()))
        {
            yield return new Finding(AuditRuleNames.MachineShared, Risk.High, null, shared.Key.ToString(),
                $"{string.Join(" and ", shared.Select(each => $"{each.Member.Id} of fleet {each.Fleet.Fleet.Name}"))} have the same address: a run of one would rebuild the other", "take it out of all fleet files but one");
        }
    }

    /// <summary>Whether the provisioner's word on a member is missing, so that a machine may be that member's.</summary>
    public static bool HidesVms(AuditFacts facts) =>
        facts.Fleets.Any(fleet => fleet.Fleet.Members().Any(member => fleet.Members.GetValueOrDefault(member.Id)?.Vm is null));

    private static Finding Unknown(MachineFacts machine) => new(
        machine.Power == VmPower.Off ? AuditRuleNames.Dormant : AuditRuleNames.MachineUnknown,
        machine.Power == VmPower.Off ? Risk.Medium : Risk.High,
        null,
        machine.Name,
        $"{machine.Source} has {machine.Name}{(machine.Host is { } host ? $" at {host}" : string.Empty)}{(machine.Image is { } image ? $", made from {image}" : string.Empty)}, "
            + (machine.Power == VmPower.Off ? "powered off and in no fleet: it will wake up as it was" : "and no fleet has it: nobody patches it"),
        machine.Power == VmPower.Off ? "delete it, or give it to a fleet and refresh it" : "put it into a fleet file, or delete it");
}
