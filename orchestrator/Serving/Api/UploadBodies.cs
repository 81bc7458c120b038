using System.ComponentModel;
using Microsoft.AspNetCore.Http;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>The parts of a body that are waited for.</summary>
/// <param name="Files">The names of files.</param>
/// <param name="Texts">The names of texts.</param>
/// <param name="MostBytes">The largest body.</param>
internal sealed record Awaited(IReadOnlyList<string> Files, IReadOnlyList<string> Texts, long MostBytes);

/// <summary>An image that is sent: the form is read by <see cref="Upload"/>, this describes it.</summary>
/// <param name="Archive">The image.</param>
/// <param name="Scans">Scan reports.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Why">Why.</param>
internal sealed record ImageUpload(
    [property: System.Text.Json.Serialization.JsonPropertyName(ImageUpload.Image), Description("A .tar or .tar.gz whose root has the manifest.json.")] IFormFile Archive,
    [property: System.Text.Json.Serialization.JsonPropertyName(ImageUpload.Scan), Description("Scan reports of it: Trivy or Grype JSON, or SARIF.")] IFormFileCollection? Scans,
    [property: System.Text.Json.Serialization.JsonPropertyName(ImageUpload.From), Description("Where it comes from, for the catalogue's log.")] string? Origin,
    [property: Description("A comment for the catalogue's log.")] string? Why)
{
    public const string Image = "image";
    public const string Scan = "scan";
    public const string From = "from";
}

/// <summary>A scan report that is sent.</summary>
/// <param name="File">The report.</param>
/// <param name="Why">Why.</param>
internal sealed record ScanUpload(
    [property: System.Text.Json.Serialization.JsonPropertyName(ScanUpload.Report), Description("The report as the scanner wrote it.")] IFormFile File,
    [property: Description("Why, for the record of acts.")] string? Why)
{
    public const string Report = "report";
}
