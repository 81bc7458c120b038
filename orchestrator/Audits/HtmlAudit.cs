using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Audits;

/// <summary>An audit as one page that needs nothing else.</summary>
public static class HtmlAudit
{
    /// <summary>Writes it.</summary>
    /// <param name="audit">The audit.</param>
    /// <returns>The page.</returns>
    public static string Render(AuditDocument audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        var page = HtmlWriter.Begin(AuditText.Headline(audit));
        page.Write($"""
            <header class="verdict {Tone(audit.Findings.Count == 0 ? Risk.Note : audit.Findings[0].Risk)}">
            <p class="over">Audit of {Counted.Of(audit.Fleets.Count, "fleet")}, {Instants.Full(audit.At)}</p>
            <h1>{AuditText.Headline(audit)}</h1>
            </header><main>
            """);
        if (audit.Since is { } since)
        {
            Findings(page, "new", $"New since {Instants.Full(since.Since)}", since.New);
            Findings(page, "gone", $"Gone since {Instants.Full(since.Since)}", since.Gone);
            if (since.Lessened.Count > 0)
                Findings(page, "lessened", $"Less risk than at {Instants.Full(since.Since)}", since.Lessened);
        }

        Findings(page, "findings", "Findings", audit.Findings);
        foreach (var fleet in audit.Fleets)
            Members(page, fleet);
        page.Write($"</main><footer>Made by Refresh at {Instants.Full(audit.At)} from what provisioner, load balancer, guests, catalogue and journal said then.</footer></div></body></html>");
        return page.ToString();
    }

    private static void Findings(HtmlWriter page, string id, string title, IReadOnlyList<Finding> findings)
    {
        page.Write($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>");
        if (findings.Count == 0)
        {
            page.Write($"<p>None.</p></section>");
            return;
        }

        page.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of findings, scrolls sideways\"><table class=\"wide\"><thead><tr><th scope=\"col\">Risk</th><th scope=\"col\">About</th><th scope=\"col\">Found</th><th scope=\"col\">To do</th></tr></thead><tbody>");
        foreach (var finding in findings)
        {
            page.Write($"""
                <tr><td><span class="badge {Tone(finding.Risk)}">{finding.Risk}</span></td><th scope="row"><bdi>{finding.Subject}</bdi><br><span class="soft small">{finding.Fleet ?? "no fleet"}, {finding.Rule}</span></th><td>{finding.Text}{AuditText.Stands(finding)}</td><td>{finding.Next}</td></tr>
                """);
        }

        page.Write($"</tbody></table></div></section>");
    }

    private static void Members(HtmlWriter page, AuditedFleet fleet)
    {
        page.Write($"""
            <section><h2>Fleet <bdi>{fleet.Fleet}</bdi></h2><p class="soft">It wants {fleet.Wanted ?? "an image that the catalogue cannot tell"}; <code>{fleet.File}</code></p>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of members, scrolls sideways"><table class="wide tight"><thead><tr><th scope="col">Member</th><th scope="col">Runs</th><th scope="col">Age</th><th scope="col">Made from</th><th scope="col">Power</th><th scope="col">Rotation</th><th scope="col">Booted</th></tr></thead><tbody>
            """);
        foreach (var member in fleet.Members)
            page.Write($"<tr><th scope=\"row\">{member.Id}</th><td>{member.Image ?? "not seen"}</td><td>{AuditText.Age(member)}</td><td>{member.MadeFrom ?? "not seen"}</td><td>{member.Power?.ToString() ?? "not seen"}</td><td>{AuditText.Rotation(member)}</td><td>{(member.BootedAt is { } booted ? Instants.Full(booted) : "not seen")}</td></tr>");
        page.Write($"</tbody></table></div></section>");
    }

    private static string Tone(Risk risk) => risk switch
    {
        Risk.Critical or Risk.High => "bad",
        Risk.Medium => "open",
        _ => "good",
    };
}
