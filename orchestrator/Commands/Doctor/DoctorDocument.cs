using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Commands.Doctor;

/// <summary>Findings as <c>refresh doctor --json</c> prints them; members only where they could be looked at.</summary>
internal sealed record DoctorDocument(string File, string? Fleet, bool Ok, IReadOnlyList<Finding> Findings, IReadOnlyList<DoctorDocument.Member>? Members)
{
    public static DoctorDocument Of(string file, FleetDefinition? definition, IReadOnlyList<Finding> findings, Examination? examination) => new(
        file,
        definition?.Fleet.Name,
        findings.All(finding => finding.Level != FindingLevel.Wrong),
        findings,
        examination is null ? null : [.. examination.Members.Select(Of)]);

    private static Member Of(MemberFacts seen) => new(
        seen.Id, seen.Serves, seen.Balancer?.Rotation, seen.Balancer?.Health, seen.Balancer?.Sessions, seen.Probe?.Healthy, seen.Vm?.Power, seen.Guest?.Image.Label, seen.Guest?.MachineId, seen.Guest?.BootedAt);

    internal sealed record Member(
        MemberId Id,
        bool Serves,
        Rotation? Rotation,
        BalancerHealth? Health,
        int? Sessions,
        bool? Healthy,
        VmPower? Power,
        string? Image,
        string? MachineId,
        DateTimeOffset? BootedAt);
}
