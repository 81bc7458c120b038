using Refresh.Workflows.Images;

namespace Refresh.Workflows.Facts;

/// <summary>Which VM it is, as the provisioner knows it; a rebuild changes at least one part (reference: pulumi-cli, section 6).</summary>
/// <param name="Id">The VM's id, for vSphere its <c>uuid</c>.</param>
/// <param name="Handle">A second id, for vSphere its <c>moid</c>; the same as <paramref name="Id"/> where there is none.</param>
public sealed record VmIdentity(string Id, string Handle)
{
    /// <inheritdoc />
    public override string ToString() => Id == Handle ? Id : $"{Id} ({Handle})";
}

/// <summary>What a VM is doing, as the provisioner knows it.</summary>
public enum VmPower
{
    /// <summary>It runs.</summary>
    On,

    /// <summary>It is there and does not run: dormant.</summary>
    Off,

    /// <summary>The provisioner has no such VM.</summary>
    Missing,

    /// <summary>The provisioner is creating, replacing or deleting it.</summary>
    Changing,
}

/// <summary>What the provisioner says of one member's VM.</summary>
/// <param name="Identity">Which VM it is; null where there is none.</param>
/// <param name="Image">The image it was made from as <c>name@version</c> or a provider's id, taken from the resource and not from configuration; null if not known.</param>
/// <param name="Power">What it is doing.</param>
/// <param name="Detail">The provisioner's own words, kept as evidence.</param>
/// <param name="At">When it was read.</param>
public sealed record VmFacts(VmIdentity? Identity, string? Image, VmPower Power, string Detail, DateTimeOffset At);

/// <summary>What a member's guest says of itself, read from inside.</summary>
/// <param name="Image">The image on its disk.</param>
/// <param name="MachineId">The id that its system made for itself at first boot.</param>
/// <param name="BootedAt">When it booted.</param>
/// <param name="Patches">The patches on its disk.</param>
/// <param name="At">When it was read.</param>
public sealed record GuestFacts(
    ImageRef Image,
    string MachineId,
    DateTimeOffset BootedAt,
    IReadOnlyList<string> Patches,
    DateTimeOffset At)
{
    /// <summary>The kernel that runs; null if it does not say.</summary>
    public string? Kernel { get; init; }

    /// <summary>Why it waits for a reboot; null if it does not, or does not say.</summary>
    public string? Reboot { get; init; }

    /// <summary>The id of its VM as its firmware shows it; null if it does not say.</summary>
    public string? Vm { get; init; }

    /// <summary>Versions of packages by name; null if it does not say.</summary>
    public IReadOnlyDictionary<string, string>? Packages { get; init; }

    /// <summary>What scripts of the user's said, each bounded; null if there are none.</summary>
    public IReadOnlyList<ScriptOutput>? Scripts { get; init; }

    /// <summary>The SSH host key that it was read with, as <c>SHA256:</c> and base64; null if it was read otherwise.</summary>
    public string? HostKey { get; init; }
}

/// <summary>What a script of the user's said inside a guest.</summary>
/// <param name="Name">The script.</param>
/// <param name="ExitCode">Its exit code; 0 is good.</param>
/// <param name="Output">What it printed, at most 4096 characters.</param>
public sealed record ScriptOutput(string Name, int ExitCode, string Output);
