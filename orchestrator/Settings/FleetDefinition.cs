using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Settings;

/// <summary>All that a fleet file says: the fleet for the core, and the settings of the adapters that act on it.</summary>
/// <param name="Path">The full path of the file, for messages.</param>
/// <param name="Fleet">The fleet.</param>
/// <param name="Image">The image that a run goes to unless told otherwise.</param>
/// <param name="Balancer">The load balancer.</param>
/// <param name="Provisioner">What replaces VMs.</param>
/// <param name="Probes">The health probes, at least one.</param>
/// <param name="Identity">How a guest's identity is read.</param>
/// <param name="Images">Where golden images are found.</param>
public sealed record FleetDefinition(
    string Path,
    Fleet Fleet,
    ImageChoice Image,
    BalancerSettings Balancer,
    ProvisionerSettings Provisioner,
    IReadOnlyList<ProbeSettings> Probes,
    IdentitySettings Identity,
    ImageSettings Images)
{
    /// <summary>When the fleet may be worked on; null for at any time.</summary>
    public WindowSettings? Windows { get; init; }

    /// <summary>What starts runs beside people and patch windows.</summary>
    public TriggerSettings Triggers { get; init; } = new();

    /// <summary>How the evidence of its runs is kept; null when the file does not say.</summary>
    public EvidenceSettings? Evidence { get; init; }
}

/// <summary>The image of a fleet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, or null for the newest build.</param>
public sealed record ImageChoice(string Name, string? Version)
{
    /// <summary>Reads <c>name</c> or <c>name@version</c>; null when there is nothing to read.</summary>
    /// <param name="text">What was written.</param>
    /// <returns>The choice.</returns>
    public static ImageChoice? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? new ImageChoice(text, null) : new ImageChoice(text[..at], text[(at + 1)..]);
    }
}

/// <summary>How the evidence of runs is kept.</summary>
/// <param name="Directory">Where bundles are written when a run ends; null for beside the journal.</param>
/// <param name="Key">The file with the private key that signs them; null for none.</param>
public sealed record EvidenceSettings(string? Directory, string? Key);
