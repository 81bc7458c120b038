using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;

namespace Refresh.Orchestrator.Reports;

/// <summary>The table of all members, before and after, each with its evidence.</summary>
internal static class MemberSection
{
    public static void Write(HtmlWriter page, RunReport report)
    {
        page.Write($"""
            <section aria-labelledby="members"><h2 id="members">Members, before and after</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of members, scrolls sideways"><table class="wide">
            <caption>Every member of the fleet, pair by pair. Image and machine id were read from inside the guest; the VM is as the provisioner knows it.</caption>
            <thead><tr><th scope="col">Member</th><th scope="col">Result</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Proof</th><th scope="col" class="number">Out of rotation</th></tr></thead>
            """);
        foreach (var pair in report.Pairs)
        {
            page.Write($"<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\"><bdi>{pair.Name}</bdi> <span class=\"soft\">{WaveOf(report, pair)}, {pair.State.ToString().ToLowerInvariant()}</span></th></tr>");
            foreach (var member in pair.Members)
                Row(page, member, report.AsOf);
            page.Write($"</tbody>");
        }

        page.Write($"</table></div></section>");
    }

    public static string WaveOf(RunReport report, PairReport pair) =>
        pair.Wave < 0 ? "not in a wave" : report.Waves[pair.Wave].Canary ? "canary" : $"wave {pair.Wave + 1}";

    private static void Row(HtmlWriter page, MemberReport member, DateTimeOffset asOf)
    {
        var row = MemberEvidence.Of(member, asOf);
        var begun = member.Steps.Count > 0;
        page.Write($"""
            <tr{(begun ? " class=summary" : string.Empty)}><th scope="row"><bdi>{row.Member}</bdi></th><td><span class="badge {Tone(member)}">{row.Result}</span></td><td>{row.Before}</td><td>{row.After}</td><td>{row.Evidence}</td><td class="number">{row.Away}</td></tr>
            """);
        if (begun)
        {
            page.Write($"<tr class=\"evidence\"><td colspan=\"6\"><details><summary>Evidence of {row.Member}</summary><div>");
            MemberDetails.Write(page, member, asOf);
            page.Write($"</div></details></td></tr>");
        }
    }

    private static string Tone(MemberReport member) => member.State switch
    {
        MemberState.Failed => "bad",
        MemberState.Refreshed or MemberState.Reverted => "good",
        _ when member.Out => "open",
        _ => "plain",
    };
}
