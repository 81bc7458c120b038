using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Rules;

/// <summary>Promise 2: a rebuilt member rejoins only when it is proved new, proved to run the image, and healthy so many times in a row.</summary>
public static class VerificationRule
{
    /// <summary>Decides whether a rebuilt VM is proved.</summary>
    /// <param name="member">The member.</param>
    /// <param name="facts">What was observed.</param>
    /// <param name="vmBefore">The VM before the rebuild.</param>
    /// <param name="guestBefore">The guest before the rebuild; null if it could not be read then.</param>
    /// <param name="passes">Healthy probes in a row that are needed.</param>
    /// <returns>Yes, or every reason against it.</returns>
    public static Verdict Judge(MemberId member, VerificationFacts facts, VmFacts vmBefore, GuestFacts? guestBefore, int passes)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(vmBefore);
        return new Verdict([.. New(member, facts, vmBefore, guestBefore), .. Image(member, facts), .. GuestRule.Judge(member, facts), .. Healthy(member, facts, passes)]);
    }

    private static IEnumerable<Reason> New(MemberId member, VerificationFacts facts, VmFacts vmBefore, GuestFacts? guestBefore)
    {
        if (facts.Vm is not { Identity: { } identity })
            yield return new Reason("vm-unseen", $"the provisioner shows no VM for {member}{Why(facts)}", "the provisioner can be read and shows the VM");
        else if (identity == vmBefore.Identity)
            yield return new Reason("vm-not-new", $"{member} is still VM {identity}, the one it was before", "it is rebuilt");
        if (facts.Guest is { } guest && guestBefore is not null)
        {
            if (guest.MachineId == guestBefore.MachineId)
                yield return new Reason("guest-not-new", $"the guest of {member} still has machine id {guest.MachineId}, the one it had before", "the image makes a machine id at first boot");
            else if (guest.BootedAt <= guestBefore.BootedAt)
                yield return new Reason("boot-not-new", $"the guest of {member} says it booted at {guest.BootedAt:u}, not after {guestBefore.BootedAt:u} when its predecessor did", "its clock is right");
        }
    }

    private static IEnumerable<Reason> Image(MemberId member, VerificationFacts facts)
    {
        var expected = facts.Expected;
        if (facts.Vm?.Image is { } made && made != expected.Ref.Label && made != expected.Location)
            yield return new Reason("vm-wrong-image", $"the provisioner says that {member} was made from {made}, not from {expected.Ref.Label}", "it is rebuilt from the right image");
        if (facts.Guest is not { } guest)
            yield return new Reason("guest-silent", $"the guest of {member} does not say what it runs{Why(facts)}", "the guest answers");
        else if (guest.Image != expected.Ref)
            yield return new Reason("guest-wrong-image", $"the guest of {member} runs {guest.Image}, not {expected.Ref}", "it is rebuilt from the right image");
    }

    private static IEnumerable<Reason> Healthy(MemberId member, VerificationFacts facts, int passes)
    {
        if (facts.Passes < passes)
            yield return new Reason("not-healthy-yet", $"{member} was healthy {facts.Passes} times in a row, and {passes} are needed{Last(facts)}", "its probes pass");
    }

    private static string Last(VerificationFacts facts) =>
        facts.Probe is { Healthy: false } probe ? $": {probe.Detail}" : string.Empty;

    private static string Why(VerificationFacts facts) =>
        facts.Unread.Count > 0 ? ": " + string.Join("; ", facts.Unread.Select(reason => reason.Text)) : string.Empty;
}
