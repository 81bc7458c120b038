using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Facts;

/// <summary>All that was observed to prove a rebuilt VM.</summary>
/// <param name="Expected">The image that it should run, as the catalogue has it.</param>
/// <param name="Vm">What the provisioner says; null if it could not be read.</param>
/// <param name="Guest">What the guest says; null if it could not be read.</param>
/// <param name="Passes">Healthy probes in a row, up to the last.</param>
/// <param name="Probe">The last probe; null before the first.</param>
/// <param name="Unread">Why any of these is missing.</param>
public sealed record VerificationFacts(
    GoldenImage Expected,
    VmFacts? Vm,
    GuestFacts? Guest,
    int Passes,
    ProbeFacts? Probe,
    IReadOnlyList<Reason> Unread)
{
    /// <summary>The packages of the expected image that the guest names too; null where the guest names none, or the image's list could not be read.</summary>
    public IReadOnlyList<PackageFacts>? Packages { get; init; }
}
