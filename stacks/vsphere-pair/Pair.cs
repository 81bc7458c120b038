using Pulumi.VSphere;

namespace VspherePair;

/// <summary>Two VMs that back each other, kept on different hosts.</summary>
internal static class Pair
{
    /// <summary>Makes the pair.</summary>
    /// <returns>The outputs of the stack.</returns>
    internal static IDictionary<string, object?> Make(Settings settings)
    {
        var placement = Placement.Find(settings);
        var memberA = Member.Make("memberA", settings.MemberA, settings, placement);
        var memberB = Member.Make("memberB", settings.MemberB, settings, placement);

        // It has no name of its own: one that is made anew after a recovery must not meet the name of the old one.
        var antiAffinity = new ComputeClusterVmAntiAffinityRule("antiAffinity", new ComputeClusterVmAntiAffinityRuleArgs
        {
            ComputeClusterId = placement.ClusterId,
            VirtualMachineIds = new[] { memberA.Id, memberB.Id },
            Mandatory = settings.AntiAffinityMandatory,
        });

        return new Dictionary<string, object?>
        {
            ["members"] = new Dictionary<string, object?>
            {
                ["a"] = Member.Outputs(memberA, settings.MemberA, settings),
                ["b"] = Member.Outputs(memberB, settings.MemberB, settings),
            },
            ["antiAffinity"] = antiAffinity.Urn,
        };
    }
}
