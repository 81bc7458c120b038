using Refresh.Workflows.Evidence;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Reports;

/// <summary>What the image was judged by before anything was done; what was overridden stands out.</summary>
internal static class GateSection
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        if (report.Gates is not { } gates)
            return;
        page.Write($"<section aria-labelledby=\"gates\"><h2 id=\"gates\">Gates of the image</h2>");
        if (report.Revoked is { } revoked)
            page.Write($"<p><span class=\"badge bad\">revoked</span> <bdi>{revoked.By}</bdi> revoked the image while the run went on ({Instants.Full(revoked.At)}): {revoked.Why}</p>");
        page.Write($"<table><caption>Judged {Instants.Full(gates.At)}, before anything was done.</caption><thead><tr><th scope=\"col\">Gate</th><th scope=\"col\">Asked for by</th><th scope=\"col\">Verdict</th><th scope=\"col\">Why</th></tr></thead><tbody>");
        foreach (var gate in gates.Gates)
            Row(page, gate);
        page.Write($"</tbody></table>");
        Facts(page, gates.Facts);
        page.Write($"</section>");
    }

    private static void Row(HtmlWriter page, GateResult gate)
    {
        var (tone, verdict) = (gate.Refusals.Count, gate.Override) switch
        {
            (0, _) => ("good", "passed"),
            (_, null) => ("bad", "refused"),
            _ => ("bad", "overridden"),
        };
        var why = string.Join("; ", gate.Refusals.Select(refusal => refusal.Text));
        page.Write($"<tr><th scope=\"row\">{gate.Gate}</th><td>{gate.Policy}</td><td><span class=\"badge {tone}\">{verdict}</span></td><td>{(gate.Override is { } given ? $"by {given.By}, {Instants.Full(given.At)}: {given.Why}. It refuses: {why}" : why)}</td></tr>");
    }

    private static void Facts(HtmlWriter page, ImageFacts facts)
    {
        page.Write($"<dl class=\"facts\"><dt>Source</dt><dd>{facts.Source ?? "not told"}</dd><dt>In the catalogue since</dt><dd>{(facts.PublishedAt is { } published ? Instants.Full(published) : "not known")}</dd>");
        foreach (var signature in facts.Signatures)
            page.Write($"<dt>Signature</dt><dd><code>{signature.Key}</code>: {GateLines.Of(signature)}</dd>");
        foreach (var scan in facts.Scans)
            page.Write($"<dt>Scan</dt><dd>{scan.Tool}, {Instants.Full(scan.ScannedAt)}: {scan.Critical} critical, {scan.High} high, {scan.Medium} medium, {scan.Low} low, {scan.KnownExploited} known to be exploited</dd>");
        foreach (var approval in facts.Approvals)
            page.Write($"<dt>Approved</dt><dd><bdi>{approval.By}</bdi>, {Instants.Full(approval.At)}{(approval.Comment.Length > 0 ? $": {approval.Comment}" : string.Empty)}</dd>");
        page.Write($"</dl>");
    }
}
