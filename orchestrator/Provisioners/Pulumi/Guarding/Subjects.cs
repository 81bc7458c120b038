using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Guarding;

/// <summary>Pulumi's steps in the words of the core, whose plan guard decides (promise 7). What is not known here is not let pass there.</summary>
internal static class Subjects
{
    public static IReadOnlyList<PlannedStep> Of(PreviewDocument preview, StackContract contract, ContractMember member) =>
        [.. preview.Steps.Select(step => new PlannedStep(Operation(step.Operation), Subject(step.Urn, contract, member), step.Urn, step.ToString()))];

    public static PlannedOperation Operation(string word) => word switch
    {
        "same" or "read" => PlannedOperation.Keep,
        "create" or "create-replacement" => PlannedOperation.Create,
        "update" => PlannedOperation.Update,
        "delete" or "delete-replaced" => PlannedOperation.Delete,
        "replace" => PlannedOperation.Replace,
        _ => PlannedOperation.Other,
    };

    private static PlannedSubject Subject(string urn, StackContract contract, ContractMember member) =>
        urn == member.Urn ? PlannedSubject.MemberVm
        : urn == contract.PeerOf(member).Urn ? PlannedSubject.PeerVm
        : contract.IsRule(urn) ? PlannedSubject.AntiAffinityRule
        : PlannedSubject.Other;
}
