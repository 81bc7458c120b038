using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary>The catalogue that a command of <c>refresh image</c> is about, with the policies that hold for it.</summary>
/// <param name="Settings">Where it is.</param>
/// <param name="Policies">The policies.</param>
internal sealed record Catalogue(ImageSettings Settings, IReadOnlyList<ImagePolicy> Policies)
{
    private const string UsualFleet = "fleet.yaml";

    public static Option<string?> Images { get; } = new("--images") { Description = "The directory of the images; otherwise the fleet file's, otherwise ./images.", Recursive = true };

    public static Option<string?> Fleet { get; } = new("--fleet-file") { Description = "The fleet file whose images and policy are meant; otherwise fleet.yaml, if there is one.", Recursive = true };

    public DirectoryImageCatalog Reader => new(Settings);

    public CatalogueWriter Writer => new(Settings, CommandContext.Clock);

    public static Argument<string> Image(string name = "image") => new(name) { Description = "The image: name@version, or name for its newest build." };

    public static async Task<Catalogue> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var fleet = parsed.GetValue(Fleet) ?? (File.Exists(UsualFleet) ? UsualFleet : null);
        var settings = parsed.GetValue(Images) is { } directory ? new ImageSettings(Path.GetFullPath(directory))
            : fleet is not null ? (await CommandContext.FleetAsync(fleet, cancellation)).Images
            : new ImageSettings(Path.GetFullPath("images"));
        return new Catalogue(settings, await ImageTrust.PoliciesAsync(settings, cancellation));
    }

    /// <summary>The image that is meant, as it lies there.</summary>
    public Task<ShelvedImage> FindAsync(string label, CancellationToken cancellation)
    {
        var choice = ImageChoice.Parse(label)!;
        return Reader.ShelvedAsync(choice.Name, choice.Version, cancellation);
    }

    public async Task<GateReport> JudgeAsync(ShelvedImage image, CancellationToken cancellation) =>
        (await ImageTrust.JudgeAsync(image.Image.Ref, Policies, [], Reader, CommandContext.Clock.GetUtcNow(), cancellation)).Report;

    /// <summary>Ends the command when the person who asks may not decide about images.</summary>
    public void RefuseUnlessMayDecide(string what)
    {
        if (Policies.FirstOrDefault(policy => !policy.MayDecide(CommandContext.User)) is { } against)
            throw new AdapterException(new Reason("image-not-permitted", $"{CommandContext.User} may not {what}, by {against.Origin}", $"one of its approvers does it: {string.Join(", ", against.Approvers)}"));
    }
}
