using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>The parts of a body that are waited for.</summary>
/// <param name="Files">The names of files.</param>
/// <param name="Texts">The names of texts.</param>
/// <param name="MostBytes">The largest body.</param>
internal sealed record Awaited(IReadOnlyList<string> Files, IReadOnlyList<string> Texts, long MostBytes);

/// <summary>An image that is sent, as a form.</summary>
/// <param name="Archive">A .tar or .tar.gz whose root has the manifest.json.</param>
/// <param name="Scans">Scan reports of it: Trivy or Grype JSON, or SARIF.</param>
/// <param name="Origin">Where it comes from, for the catalogue's log.</param>
/// <param name="Why">A comment for the catalogue's log.</param>
internal sealed record ImageUpload(
    [property: JsonPropertyName(ImageUpload.Image)] IFormFile Archive,
    [property: JsonPropertyName(ImageUpload.Scan)] IFormFileCollection? Scans = null,
    [property: JsonPropertyName(ImageUpload.From)] string? Origin = null,
    string? Why = null)
{
    public const string Image = "image";
    public const string Scan = "scan";
    public const string From = "from";
}

/// <summary>A scan report that is sent, as a form.</summary>
/// <param name="File">The report as the scanner wrote it.</param>
/// <param name="Why">Why, for the record of acts.</param>
internal sealed record ScanUpload(
    [property: JsonPropertyName(ScanUpload.Report)] IFormFile File,
    string? Why = null)
{
    public const string Report = "report";
}
