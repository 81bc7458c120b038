using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Images;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Documents;

/// <summary>An image as <c>refresh image show --json</c> prints it.</summary>
/// <param name="Image">What its manifest says.</param>
/// <param name="Directory">Where it lies.</param>
/// <param name="Sbom">The file with its SBOM; null if there is none.</param>
/// <param name="Packages">How many packages its manifest lists itself; null if it lists none.</param>
/// <param name="Revoked">Who revoked it; null if nobody did.</param>
/// <param name="Usable">No gate refuses it.</param>
/// <param name="Gates">What was read of it, and what each gate says.</param>
/// <param name="RunBy">Members that were seen to run it last.</param>
internal sealed record ImageDocument(GoldenImage Image, string Directory, string? Sbom, int? Packages, ImageRevocation? Revoked, bool Usable, GateReport Gates, IReadOnlyList<UsedImage> RunBy)
{
    public static ImageDocument Of(ShelvedImage image, GateReport gates, IReadOnlyList<UsedImage> runBy) =>
        new(image.Image, image.Directory, image.Manifest.Sbom, image.Manifest.Packages?.Count, gates.Facts.Revoked, !gates.Refusals.Any(), gates, runBy);
}

/// <summary>An image that was put into the catalogue.</summary>
/// <param name="Image">The image.</param>
/// <param name="Directory">Where it lies.</param>
/// <param name="From">Where it comes from.</param>
/// <param name="Usable">No gate refuses it.</param>
/// <param name="Refusals">What speaks against it.</param>
/// <param name="Gates">What each gate says.</param>
internal sealed record AddedImageDocument(ImageRef Image, string Directory, string From, bool Usable, IReadOnlyList<Reason> Refusals, GateReport Gates)
{
    public static AddedImageDocument Of(ShelvedImage image, string from, GateReport gates) => new(image.Image.Ref, image.Directory, from, !gates.Refusals.Any(), [.. gates.Refusals], gates);
}

/// <summary>An image that somebody approved.</summary>
/// <param name="Image">The image.</param>
/// <param name="By">Who approved it now.</param>
/// <param name="Approvals">All who have.</param>
/// <param name="Usable">No gate refuses it.</param>
/// <param name="Refusals">What speaks against it.</param>
/// <param name="Gates">What each gate says.</param>
internal sealed record ApprovedImageDocument(ImageRef Image, string By, IReadOnlyList<ImageApproval> Approvals, bool Usable, IReadOnlyList<Reason> Refusals, GateReport Gates)
{
    public static ApprovedImageDocument Of(ImageRef image, string by, GateReport gates) => new(image, by, gates.Facts.Approvals, !gates.Refusals.Any(), [.. gates.Refusals], gates);
}

/// <summary>An image that somebody revoked.</summary>
/// <param name="Image">The image.</param>
/// <param name="By">Who revoked it.</param>
/// <param name="RunBy">Members that were seen to run it last.</param>
/// <param name="Stops">Runs to it that are under way.</param>
internal sealed record RevokedImageDocument(ImageRef Image, string By, IReadOnlyList<UsedImage> RunBy, IReadOnlyList<StoppedRun> Stops);

/// <summary>A run that stops at its next safe step.</summary>
/// <param name="Run">The run.</param>
/// <param name="Fleet">Its fleet.</param>
internal sealed record StoppedRun(string Run, string Fleet);

/// <summary>A scan report that was taken in.</summary>
/// <param name="Image">The image that it is of.</param>
/// <param name="Tool">The scanner.</param>
/// <param name="Found">How many vulnerabilities it found.</param>
/// <param name="Scans">The latest scan of each tool.</param>
/// <param name="Usable">No gate refuses the image.</param>
/// <param name="Refusals">What speaks against it.</param>
/// <param name="Gates">What each gate says.</param>
internal sealed record ScannedImageDocument(ImageRef Image, string Tool, int Found, IReadOnlyList<ScanFacts> Scans, bool Usable, IReadOnlyList<Reason> Refusals, GateReport Gates)
{
    public static ScannedImageDocument Of(ImageRef image, string tool, int found, GateReport gates) => new(image, tool, found, gates.Facts.Scans, !gates.Refusals.Any(), [.. gates.Refusals], gates);
}

/// <summary>An image that was read whole.</summary>
/// <param name="Image">The image.</param>
/// <param name="Holds">Nothing is wrong with it, and no gate refuses it.</param>
/// <param name="Packages">How many packages its list has; null if it has none.</param>
/// <param name="Faults">What could not be read.</param>
/// <param name="Gates">What each gate says.</param>
internal sealed record VerifiedImageDocument(ImageRef Image, bool Holds, int? Packages, IReadOnlyList<Reason> Faults, GateReport Gates);

/// <summary>What differs between two images.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The second.</param>
/// <param name="Added">Packages that the second has and the first has not.</param>
/// <param name="Removed">Packages that the first has and the second has not.</param>
/// <param name="Changed">Packages that both have, in other versions.</param>
/// <param name="Closed">Vulnerabilities that the second has not.</param>
/// <param name="Opened">Vulnerabilities that the first has not.</param>
/// <param name="Basis">What was missing for the comparison.</param>
internal sealed record ImageDiffDocument(string From, string To, IReadOnlyList<Package> Added, IReadOnlyList<Package> Removed, IReadOnlyList<ChangedPackage> Changed, IReadOnlyList<string> Closed, IReadOnlyList<string> Opened, IReadOnlyList<string> Basis)
{
    public static ImageDiffDocument Of(ImageContents from, ImageContents to)
    {
        var diff = from.To(to);
        return new(from.Label, to.Label, diff.Added, diff.Removed, diff.Changed, diff.Closed, diff.Opened, diff.Basis);
    }
}
