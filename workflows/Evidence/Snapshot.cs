using Refresh.Workflows.Facts;

namespace Refresh.Workflows.Evidence;

/// <summary>What was seen of a member's VM and its guest at one time. What could not be read is null.</summary>
/// <param name="Image">The image that the guest says it runs, <c>name@version</c>.</param>
/// <param name="Digest">The digest of that image's content.</param>
/// <param name="MadeFrom">The image that the provisioner says it was made from.</param>
/// <param name="Vm">Which VM it is, as the provisioner knows it.</param>
/// <param name="MachineId">The id that the guest's system made for itself at first boot.</param>
/// <param name="BootedAt">When the guest booted.</param>
/// <param name="Patches">The patches on the guest's disk; null when the guest was not read.</param>
/// <param name="At">When it was read; null when nothing could be.</param>
public sealed record Snapshot(
    string? Image,
    string? Digest,
    string? MadeFrom,
    string? Vm,
    string? MachineId,
    DateTimeOffset? BootedAt,
    IReadOnlyList<string>? Patches,
    DateTimeOffset? At)
{
    /// <summary>The image as people know it: what the guest says, else what the provisioner says, else <c>unknown</c>.</summary>
    public string Label => Image ?? MadeFrom ?? "unknown";

    internal static Snapshot Of(VmFacts? vm, GuestFacts? guest) => new(
        guest?.Image.Label,
        guest?.Image.Digest,
        vm?.Image,
        vm?.Identity?.ToString(),
        guest?.MachineId,
        guest?.BootedAt,
        guest?.Patches,
        guest?.At ?? vm?.At);
}
