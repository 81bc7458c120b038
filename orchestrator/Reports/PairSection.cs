using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Reports;

/// <summary>Who carried the load: the least number of members that each pair had in rotation, and what proves it.</summary>
internal static class PairSection
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        var availability = report.Availability;
        page.Write($"""
            <section aria-labelledby="pairs"><h2 id="pairs">Availability</h2>
            <p>{Conclusion.Of(report).Sentences[1]} Of {report.Pairs.Count} pairs, {availability.PairsNeverReduced} kept both members, {availability.PairsReducedToOne} had one at times, {availability.PairsReducedToNone} had none at times. Capacity lost: {availability.CapacityLost:N1} member-seconds.</p>
            <p class="soft small">An absence counts from the moment the drain was journaled, before anything was done, to the moment the member was journaled as seen back in rotation: it is never shown shorter than it was. Whether two overlap is told by the order of the journal, not by a clock.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of pairs, scrolls sideways"><table class="wide">
            <caption>Each pair, with the times in which a member was out of rotation by our doing (UTC).</caption>
            <thead><tr><th scope="col">Pair</th><th scope="col">Wave</th><th scope="col">State</th><th scope="col" class="number">Least in rotation</th><th scope="col">Absences</th></tr></thead><tbody>
            """);
        foreach (var pair in report.Pairs)
        {
            page.Write($"<tr><th scope=\"row\"><bdi>{pair.Name}</bdi></th><td>{MemberSection.WaveOf(report, pair)}</td><td>{pair.State}</td><td class=\"number\">{pair.Least} of 2</td><td>");
            if (pair.Least == 2)
                page.Write($"<span class=\"soft\">none</span>");
            foreach (var (member, absence) in pair.Members.SelectMany(member => member.Absences.Select(absence => (member, absence))).OrderBy(entry => entry.absence.FromEntry))
                page.Write($"<div><span class=\"nowrap\"><bdi>{member.Id.Name}</bdi> {Instants.Clock(absence.From)} to {(absence.To is null ? "now" : Instants.Clock(absence.To))}</span> <span class=\"soft nowrap\">{Durations.InWords(absence.Duration(report.AsOf))}{(absence.Served ? string.Empty : ", did not serve before")}</span></div>");
            foreach (var overlap in pair.Overlaps)
                page.Write($"<div class=\"bad\"><strong class=\"tone\">Both out from {Instants.Exact(overlap.From)} (entry {overlap.FromEntry}) {(overlap.To is { } to ? $"to {Instants.Exact(to)} (entry {overlap.ToEntry})" : "on")}</strong></div>");
            page.Write($"</td></tr>");
        }

        page.Write($"</tbody></table></div></section>");
    }
}
