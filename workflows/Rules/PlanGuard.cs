using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Rules;

/// <summary>Promise 7: the provisioner changes the VM of one member and nothing else (reference: pulumi-cli, plan guard).</summary>
public static class PlanGuard
{
    /// <summary>Decides whether a previewed rebuild may be carried out.</summary>
    /// <param name="preview">The preview.</param>
    /// <param name="member">The member whose VM is to be replaced.</param>
    /// <returns>Yes, or a reason for every step that is refused.</returns>
    public static Verdict Check(RebuildPreview preview, MemberId member)
    {
        ArgumentNullException.ThrowIfNull(preview);
        var refusals = preview.Steps.Where(step => !Permitted(step)).Select(step => new Reason(
            "plan-refused",
            $"the rebuild of {member} would also {Verb(step.Operation)} {Name(step)}: {step.Detail}",
            "the preview touches only the member's VM: bring the provisioner's state in line first")).ToList();
        var creates = preview.Steps.Any(step => step is { Subject: PlannedSubject.MemberVm, Operation: PlannedOperation.Create or PlannedOperation.Replace });
        if (!creates)
            refusals.Add(new Reason("plan-empty", $"the preview would not make a new VM for {member}", "the provisioner's state and the image are looked at: a no-op is not a rebuild"));
        return new Verdict(refusals);
    }

    private static bool Permitted(PlannedStep step) => (step.Subject, step.Operation) switch
    {
        (_, PlannedOperation.Keep) => true,
        (PlannedSubject.MemberVm, PlannedOperation.Create or PlannedOperation.Replace or PlannedOperation.Delete) => true,
        // It lists the ids of both VMs; after a recovery it is made again.
        (PlannedSubject.AntiAffinityRule, PlannedOperation.Update or PlannedOperation.Create) => true,
        _ => false,
    };

    private static string Verb(PlannedOperation operation) =>
        operation == PlannedOperation.Other ? "do something unknown to" : operation.ToString().ToLowerInvariant();

    private static string Name(PlannedStep step) => step.Subject switch
    {
        PlannedSubject.PeerVm => $"its peer's VM ({step.Resource})",
        PlannedSubject.MemberVm => $"its VM in place ({step.Resource})",
        _ => step.Resource,
    };
}
