using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Reports;

/// <summary>The appendix: every entry of the journal, a line each.</summary>
internal static class JournalSection
{
    /// <summary>More entries than this are not listed: the journal itself has them.</summary>
    public const int MostEntries = 5000;

    public static void Write(HtmlWriter page, RunReport report)
    {
        var all = report.Journal.Count;
        page.Write($"<section aria-labelledby=\"journal\"><h2 id=\"journal\">Appendix: the journal</h2><p>All that is said above was made from these {all:N0} entries and from nothing else. Each intent was on disk before it was carried out.</p>");
        if (all > MostEntries)
            page.Write($"<p class=\"soft\">Listed are the first {MostEntries:N0}. The journal has them all.</p>");
        page.Write($"""
            <details><summary>Show the entries</summary><div class="scroll" tabindex="0" role="region" aria-label="Table of entries, scrolls sideways"><table class="tight wide">
            <caption>Entries of run {report.Run}; times are UTC.</caption>
            <thead><tr><th scope="col" class="number">Entry</th><th scope="col">When</th><th scope="col">Kind</th><th scope="col">About</th><th scope="col">What</th></tr></thead><tbody>
            """);
        foreach (var entry in report.Journal.Take(MostEntries))
        {
            var text = EntryText.Of(entry.Event);
            page.Write($"<tr><td class=\"number\">{entry.Sequence}</td><td class=\"nowrap mono\">{Instants.Exact(entry.At)}</td><td class=\"nowrap\">{text.Kind}</td><td class=\"nowrap\"><bdi>{text.About}</bdi></td><td>{text.Text}</td></tr>");
        }

        page.Write($"</tbody></table></div></details></section>");
    }
}
