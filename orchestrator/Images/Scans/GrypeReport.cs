using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Scans;

/// <summary>Grype's JSON.</summary>
internal sealed class GrypeReport : ReportFormat
{
    private const string Item = "matches[]";
    private const string Vulnerability = $"{Item}.vulnerability";
    private readonly Findings _findings = new();
    private string? _tool;
    private DateTimeOffset? _at;
    private string? _id;
    private string _severity = string.Empty;
    private bool _exploited;

    public static string[] Paths => ["descriptor.name", "descriptor.timestamp", $"{Vulnerability}.id", $"{Vulnerability}.severity", $"{Vulnerability}.knownExploited[].cve"];

    public override bool IsMine => _tool == "grype";

    public override void Take(Picked picked)
    {
        switch (picked)
        {
            case { Path: "descriptor.name" }: _tool = picked.Text; break;
            case { Path: "descriptor.timestamp" }: _at = Instant(picked); break;
            case { Path: $"{Vulnerability}.id" }: _id = picked.Text; break;
            case { Path: $"{Vulnerability}.severity" }: _severity = picked.Text; break;
            case { Path: $"{Vulnerability}.knownExploited[]", Kind: PickKind.Begin }: _exploited = true; break;
            case { Path: Item, Kind: PickKind.Begin }: (_id, _severity, _exploited) = (null, string.Empty, false); break;
            case { Path: Item, Kind: PickKind.End }:
                _findings.Add(_id ?? throw picked.At.Mistake("the match that ends here has no vulnerability.id"), Findings.Named(_severity), _exploited);
                break;
        }
    }

    public override ScanReport Finish() => _findings.Report("grype", _at);
}
