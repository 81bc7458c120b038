using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Application;

/// <summary>Judges images by the policies that hold for them: the fleet file's, and that of the images' own directory.</summary>
public static class ImageTrust
{
    /// <summary>The policies that hold.</summary>
    /// <param name="settings">Where the images are, and what the fleet file asks.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>None, one or both; an image must satisfy each.</returns>
    /// <exception cref="AdapterException">The image policy file cannot be read, or has mistakes.</exception>
    public static async Task<IReadOnlyList<ImagePolicy>> PoliciesAsync(ImageSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var file = Path.Combine(settings.Directory, ImagePolicyFile.Name);
        List<ImagePolicy> policies = settings.Policy is null ? [] : [settings.Policy];
        if (!File.Exists(file))
            return policies;
        try
        {
            var (policy, mistakes) = ImagePolicyFile.Parse(await File.ReadAllTextAsync(file, cancellation), file);
            // Whoever makes the images says by which keys they are signed, where the fleet file names none of its own.
            return policy is not null
                ? [.. policies.Select(asked => asked with { Keys = asked.Keys ?? policy.Keys }), policy]
                : throw new AdapterException(new Reason("image-policy-invalid", $"The image policy has mistakes: {string.Join("; ", mistakes)}", "they are corrected; nothing was changed"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new Reason("image-policy-unreadable", $"The image policy cannot be read: {exception.Message}", "it can be read; nothing was changed"), exception);
        }
    }

    /// <summary>Judges an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="policies">The policies that hold.</param>
    /// <param name="overrides">Gates that somebody overrides.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="now">When it is judged.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What each gate says, and why overrides are not permitted.</returns>
    /// <exception cref="AdapterException">There is no such image.</exception>
    public static async Task<(GateReport Report, IReadOnlyList<Reason> NotPermitted)> JudgeAsync(
        ImageRef image, IReadOnlyList<ImagePolicy> policies, IReadOnlyList<GateOverride> overrides, IImageCatalog catalogue, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var facts = await catalogue.InspectAsync(image, policies, cancellation);
        var (report, verdict) = ImageGates.Override(ImageGates.Judge(facts, policies, now), overrides, policies);
        return (report, verdict.Refusals);
    }
}
