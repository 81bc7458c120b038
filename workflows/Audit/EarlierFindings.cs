using Refresh.Workflows.Facts;

namespace Refresh.Workflows.Audit;

/// <summary>Findings of an earlier audit about what could not be looked at now. They are neither seen again nor gone: they stand.</summary>
internal static class EarlierFindings
{
    public static IEnumerable<Finding> Standing(AuditFacts facts, DateTimeOffset since, IReadOnlyList<Finding> before, IReadOnlyList<Finding> now)
    {
        var found = now.Select(finding => finding.Key).ToHashSet(StringComparer.Ordinal);
        return before
            .Where(finding => !found.Contains(finding.Key) && finding.Rule != AuditRuleNames.Unread && !CanTell(finding, facts))
            .Select(finding => finding with { AsOf = finding.AsOf ?? since });
    }

    private static bool CanTell(Finding finding, AuditFacts facts)
    {
        if (finding.Fleet is not { } name)
            return facts.Unseen == Unseen.None && !MachineRules.HidesVms(facts);
        if (facts.Unseen.HasFlag(Unseen.Images) && finding.Rule is AuditRuleNames.RevokedImage or AuditRuleNames.ImageOld or AuditRuleNames.UnknownImage or AuditRuleNames.ContentDrift or AuditRuleNames.ImageWaiting)
            return false;
        return facts.Fleets.FirstOrDefault(fleet => fleet.Fleet.Name == name) is { } fleet
            ? fleet.Fleet.Members().Where(member => member.Id.ToString() == finding.Subject || member.Id.Pair == finding.Subject).All(member => CanTell(finding.Rule, fleet.Members.GetValueOrDefault(member.Id)))
            : !facts.Unseen.HasFlag(Unseen.Fleets);
    }

    private static bool CanTell(string rule, MemberFacts? seen) => rule switch
    {
        // What is off, or not there, runs nothing.
        AuditRuleNames.RevokedImage or AuditRuleNames.ImageBehind or AuditRuleNames.ImageOld or AuditRuleNames.UnknownImage or AuditRuleNames.ContentDrift or AuditRuleNames.RebootPending or AuditRuleNames.PairSplit
            => seen is { Guest: not null } or { Vm.Power: VmPower.Off or VmPower.Missing },
        AuditRuleNames.ImageDrift or AuditRuleNames.GuestDrift => seen is { Guest: not null, Vm: not null } or { Vm.Power: VmPower.Off or VmPower.Missing },
        AuditRuleNames.Dormant or AuditRuleNames.VmMissing or AuditRuleNames.ImageUnseen => seen is { Vm: not null },
        AuditRuleNames.OutOfRotation or AuditRuleNames.NotServing or AuditRuleNames.AddressDrift => seen is { Balancer: not null },
        AuditRuleNames.ServesUnhealthy or AuditRuleNames.PairDown => seen is { Balancer: not null, Probe: not null },
        _ => true,
    };
}
