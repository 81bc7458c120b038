using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Audit;

/// <summary>All that an audit has looked at.</summary>
/// <param name="At">When.</param>
/// <param name="Fleets">The fleets.</param>
/// <param name="Images">Every image of the catalogues, each once.</param>
/// <param name="Machines">Every machine that a provisioner or an inventory names.</param>
/// <param name="Unread">What could not be looked at and belongs to no fleet.</param>
public sealed record AuditFacts(
    DateTimeOffset At,
    IReadOnlyList<FleetFacts> Fleets,
    IReadOnlyList<CatalogueImage> Images,
    IReadOnlyList<MachineFacts> Machines,
    IReadOnlyList<Reason> Unread)
{
    /// <summary>What could not be looked at whole: nothing is concluded from what is not seen there.</summary>
    public Unseen Unseen { get; init; }

    /// <summary>The image of the catalogues that has this name, version and content; null if none has.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The image of the catalogue.</returns>
    public CatalogueImage? Find(ImageRef image) => Images.FirstOrDefault(one => one.Image.Ref == image);

    /// <summary>Images that members run or were made from and that no catalogue has any more, though its log says that they are revoked.</summary>
    public IReadOnlyList<GoneImage> Gone { get; init; } = [];

    /// <summary>Who revoked an image, whether it still lies in a catalogue or not; null if nobody did.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The revocation.</returns>
    public ImageRevocation? RevocationOf(ImageRef image) =>
        Find(image)?.Revoked ?? Gone.FirstOrDefault(gone => gone.Image == image)?.Revoked;

    /// <summary>The same of an image as provisioners name it: by its label, or by its id at any site.</summary>
    internal ImageRevocation? RevocationOf(string made) =>
        Images.FirstOrDefault(one => one.Revoked is not null && ImageRules.IsMadeFrom(one.Image, made))?.Revoked
        ?? Gone.FirstOrDefault(gone => gone.Image.Label == made)?.Revoked;
}

/// <summary>What an audit could not look at whole.</summary>
[Flags]
public enum Unseen
{
    /// <summary>It has seen all there is.</summary>
    None = 0,

    /// <summary>A fleet.</summary>
    Fleets = 1,

    /// <summary>A list of machines.</summary>
    Machines = 2,

    /// <summary>A catalogue of images, or whether one is revoked.</summary>
    Images = 4,
}

/// <summary>A fleet as it was seen.</summary>
/// <param name="Fleet">The fleet.</param>
/// <param name="Source">Its file.</param>
/// <param name="Wanted">The image that its file wants; null if the catalogue cannot tell.</param>
/// <param name="Members">What was seen of each member.</param>
/// <param name="History">What the journal knows of it.</param>
/// <param name="Unread">What could not be looked at.</param>
public sealed record FleetFacts(
    Fleet Fleet,
    string Source,
    GoldenImage? Wanted,
    IReadOnlyDictionary<MemberId, MemberFacts> Members,
    FleetHistory History,
    IReadOnlyList<Reason> Unread);

/// <summary>An image of a catalogue.</summary>
/// <param name="Image">The image.</param>
/// <param name="Revoked">Who revoked it; null if nobody did.</param>
public sealed record CatalogueImage(GoldenImage Image, ImageRevocation? Revoked);

/// <summary>An image that is revoked and that no catalogue has any more.</summary>
/// <param name="Image">The image; without a digest where only its label is known.</param>
/// <param name="Revoked">Who revoked it.</param>
public sealed record GoneImage(ImageRef Image, ImageRevocation Revoked);
