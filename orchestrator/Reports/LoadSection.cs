using System.Globalization;

namespace Refresh.Orchestrator.Reports;

/// <summary>What a load through the balancer saw.</summary>
internal static class LoadSection
{
    public static void Write(HtmlWriter page, LoadSummary load) => page.Write($"""
        <section aria-labelledby="load"><h2 id="load">Load through the balancer</h2>
        <p>{load.Sent:N0} requests were sent during the run, and {load.Failed:N0} failed. None was sent a second time.</p>
        <table><caption>How long answers took, in milliseconds.</caption>
        <thead><tr><th scope="col"></th><th scope="col" class="number">Before the run</th><th scope="col" class="number">During the run</th></tr></thead><tbody>
        <tr><th scope="row">p50: half took at most</th><td class="number">{Milliseconds(load.P50Before)}</td><td class="number">{Milliseconds(load.P50During)}</td></tr>
        <tr><th scope="row">p99: 99 of 100 took at most</th><td class="number">{Milliseconds(load.P99Before)}</td><td class="number">{Milliseconds(load.P99During)}</td></tr>
        </tbody></table></section>
        """);

    private static string Milliseconds(double? time) => time?.ToString("N1", CultureInfo.InvariantCulture) ?? "not measured";
}
