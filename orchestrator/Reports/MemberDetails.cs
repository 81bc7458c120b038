using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Reports;

/// <summary>All that the journal has to prove what happened to one member.</summary>
internal static class MemberDetails
{
    public static void Write(HtmlWriter page, MemberReport member, DateTimeOffset asOf)
    {
        Seen(page, member);
        page.Write($"<table class=\"tight\"><caption>Steps, UTC</caption><thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Begin</th><th scope=\"col\">End</th><th scope=\"col\" class=\"number\">Duration</th></tr></thead><tbody>");
        foreach (var step in member.Steps)
            page.Write($"<tr><th scope=\"row\">{Words.Of(step.State)}{(step.Back ? " (on the way back)" : string.Empty)}</th><td>{Instants.Exact(step.From)}</td><td>{(step.To is { } to ? Instants.Exact(to) : "goes on")}</td><td class=\"number\">{(step.Duration is { } time ? Durations.InWords(time) : string.Empty)}</td></tr>");
        page.Write($"</tbody></table><ul class=\"small\">");
        foreach (var absence in member.Absences)
            page.Write($"<li>Out of rotation from {Instants.Exact(absence.From)} (entry {absence.FromEntry}) to {(absence.To is { } to ? $"{Instants.Exact(to)} (entry {absence.ToEntry})" : "now: not seen back")}, {Durations.InWords(absence.Duration(asOf))}. {EmptyOf(absence)} {PeerOf(absence)}</li>");
        foreach (var rebuild in member.Rebuilds)
            page.Write($"<li>Rebuild from {rebuild.Image}, begun {Instants.Exact(rebuild.From)}: {FateOf(rebuild)}{(rebuild.Rungs.Count > 0 ? $" Looked at: {string.Join("; ", rebuild.Rungs)}." : string.Empty)}</li>");
        foreach (var proof in member.Proofs)
            page.Write($"<li>{(proof.Verified ? "Proved" : "Not proved")} at {Instants.Exact(proof.At)}: expected {proof.Expected}, saw {proof.Seen.Label} on VM {proof.Seen.Vm ?? "not seen"}, healthy {proof.Passes} times in a row; last probe: {proof.Probe}.</li>");
        page.Write($"</ul>");
    }

    private static void Seen(HtmlWriter page, MemberReport member)
    {
        page.Write($"<table class=\"tight\"><caption>What was seen</caption><thead><tr><th scope=\"col\"></th><th scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead><tbody>");
        Line(page, member, "Image", seen => seen.Image);
        Line(page, member, "Digest", seen => seen.Digest);
        Line(page, member, "Made from", seen => seen.MadeFrom);
        Line(page, member, "VM", seen => seen.Vm);
        Line(page, member, "Machine id", seen => seen.MachineId);
        Line(page, member, "Booted", seen => seen.BootedAt is { } at ? Instants.Full(at) : null);
        Line(page, member, "Patches", seen => seen.Patches is { } patches ? string.Join(", ", patches) : null);
        Line(page, member, "Read", seen => seen.At is { } at ? Instants.Full(at) : null);
        if (member.PatchesGained.Count > 0)
            page.Write($"<tr><th scope=\"row\">Patches gained</th><td></td><td>{string.Join(", ", member.PatchesGained)}</td></tr>");
        if (member.PatchesLost.Count > 0)
            page.Write($"<tr><th scope=\"row\">Patches lost</th><td></td><td>{string.Join(", ", member.PatchesLost)}</td></tr>");
        page.Write($"</tbody></table>");
    }

    private static void Line(HtmlWriter page, MemberReport member, string what, Func<Snapshot, string?> read) =>
        page.Write($"<tr><th scope=\"row\">{what}</th><td class=\"mono\">{Read(member.Before, read)}</td><td class=\"mono\">{Read(member.After, read)}</td></tr>");

    private static string Read(Snapshot? snapshot, Func<Snapshot, string?> read) => snapshot is null ? "-" : read(snapshot) ?? "not read";

    private static string EmptyOf(Absence absence) =>
        absence.EmptyAt is { } empty ? $"Seen empty and held out at {Instants.Exact(empty)}, {Counted.Of(absence.Cut, "session")} cut." : "Not seen empty.";

    private static string PeerOf(Absence absence) => absence.Peer is { } peer
        ? $"Immediately before, its peer {peer.Id} {(peer.Served ? "served" : "did not serve")}: balancer {peer.Balancer}; probe {peer.Probe}{(peer.At is { } at ? $"; read {Instants.Exact(at)}" : string.Empty)}."
        : string.Empty;

    private static string FateOf(RebuildTry rebuild) =>
        (rebuild.WorkerLost ? "its worker was lost; " : string.Empty)
        + (rebuild.Failure is { } failure ? $"{failure.Text}; " : string.Empty)
        + (rebuild switch
        {
            { To: null } => "its end was not seen.",
            { Happened: true } => $"another VM was seen after {Durations.InWords(rebuild.To.Value - rebuild.From)}.",
            { Fate: { } fate } => $"found {fate.ToString().ToLowerInvariant()} after {Durations.InWords(rebuild.To.Value - rebuild.From)}.",
            _ => "no other VM was seen.",
        });
}
