using Refresh.Orchestrator.Application.Doctor;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Documents;

/// <summary>Findings as <c>refresh doctor --json</c> prints them.</summary>
/// <param name="File">The fleet file.</param>
/// <param name="Fleet">The fleet; null when its file has mistakes.</param>
/// <param name="Ok">Nothing is wrong.</param>
/// <param name="Findings">What was found, check by check.</param>
/// <param name="Members">What was seen of each member; null where they could not be looked at.</param>
/// <param name="Worker">The worker elsewhere whose view it is; null when this machine has looked.</param>
internal sealed record DoctorDocument(string File, string? Fleet, bool Ok, IReadOnlyList<Finding> Findings, IReadOnlyList<DoctorDocument.Member>? Members, string? Worker = null)
{
    /// <summary>How many seconds a check may take at most.</summary>
    public const int LongestCheck = 3600;

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
