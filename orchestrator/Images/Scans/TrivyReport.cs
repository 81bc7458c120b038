using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Scans;

/// <summary>Trivy's JSON, SchemaVersion 2.</summary>
internal sealed class TrivyReport : ReportFormat
{
    private const string Item = "Results[].Vulnerabilities[]";
    private readonly Findings _findings = new();
    private bool _mine;
    private DateTimeOffset? _at;
    private string? _id;
    private string _severity = string.Empty;

    public static string[] Paths => ["SchemaVersion", "CreatedAt", $"{Item}.VulnerabilityID", $"{Item}.Severity"];

    public override bool IsMine => _mine;

    public override void Take(Picked picked)
    {
        switch (picked)
        {
            case { Path: "SchemaVersion" }: _mine = picked.Text == "2" ? true : throw picked.At.Mistake($"Trivy's SchemaVersion {picked.Text} is not read; 2 is"); break;
            case { Path: "CreatedAt" }: _at = Instant(picked); break;
            case { Path: $"{Item}.VulnerabilityID" }: _id = picked.Text; break;
            case { Path: $"{Item}.Severity" }: _severity = picked.Text; break;
            case { Path: Item, Kind: PickKind.Begin }: (_id, _severity) = (null, string.Empty); break;
            case { Path: Item, Kind: PickKind.End }:
                _findings.Add(_id ?? throw picked.At.Mistake("the vulnerability that ends here has no VulnerabilityID"), Findings.Named(_severity));
                break;
        }
    }

    public override ScanReport Finish() => _findings.Report("trivy", _at);
}
