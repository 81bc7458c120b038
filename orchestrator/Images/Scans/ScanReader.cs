using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Scans;

/// <summary>Reads a scan report as its tool writes it: Trivy's JSON (SchemaVersion 2), Grype's JSON, or SARIF 2.1.0 of any tool.</summary>
internal static class ScanReader
{
    private static readonly JsonShape s_shape = JsonShape.Of(
        [.. TrivyReport.Paths, .. GrypeReport.Paths, .. SarifReport.Paths, "bomFormat", "spdxVersion"]);

    /// <exception cref="FormatException">It is damaged, or no report of a known format; with the place.</exception>
    public static async Task<ScanReport> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        ReportFormat[] formats = [new TrivyReport(), new GrypeReport(), new SarifReport()];
        await foreach (var picked in JsonPicker.PickAsync(stream, s_shape, cancellation))
        {
            if (picked.Path is "bomFormat" or "spdxVersion")
                throw picked.At.Mistake("this is an SBOM, not a scan report; a manifest names it in its field 'sbom'");
            foreach (var format in formats)
                format.Take(picked);
        }

        return formats.FirstOrDefault(format => format.IsMine)?.Finish()
            ?? throw new JsonPlace(1, 1).Mistake("it is no report of Trivy (SchemaVersion 2), no report of Grype (descriptor.name) and no SARIF 2.1.0");
    }
}

/// <summary>One format of scan reports.</summary>
internal abstract class ReportFormat
{
    /// <summary>Whether what was picked is a document of this format.</summary>
    public abstract bool IsMine { get; }

    /// <exception cref="FormatException">A version that is not read, or a value of a wrong form.</exception>
    public abstract void Take(Picked picked);

    public abstract ScanReport Finish();

    protected static DateTimeOffset? Instant(Picked picked) =>
        DateTimeOffset.TryParse(picked.Text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw picked.At.Mistake($"{picked.Path} is not a time");
}
