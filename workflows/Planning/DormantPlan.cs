using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;

namespace Refresh.Workflows.Planning;

/// <summary>What a plan does about members that are powered off, and about their peers.</summary>
internal static class DormantPlan
{
    public static PlannedMember Of(PlannedMember planned, MemberFacts? facts, MemberFacts? peer, ImageRef image, DormantAction dormant)
    {
        if (!planned.Rebuild || dormant is DormantAction.Wake or DormantAction.Refuse)
            return planned;
        if (peer is { Power: VmPower.Off })
            return Left($"{planned.Why}; it is left as it is, since its peer {peer.Id} is powered off and nobody would carry its load");
        if (facts is not { Power: VmPower.Off })
            return planned;
        return dormant == DormantAction.Leave ? Left($"it is powered off, made from {facts.Vm!.Image ?? "an unknown image"}, and is left so")
            : facts.Vm!.Image == image.Label ? Left($"it is powered off, and was made from {image.Label} already")
            : planned with { Why = $"it is powered off, made from {facts.Vm.Image ?? "an unknown image"}: it is refreshed out of rotation, and goes off again" };

        PlannedMember Left(string why) => planned with { Rebuild = false, Left = true, Why = why };
    }
}
