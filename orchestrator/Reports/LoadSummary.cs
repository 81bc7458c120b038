namespace Refresh.Orchestrator.Reports;

/// <summary>What a load through the balancer saw while a run was under way.</summary>
/// <param name="Sent">Requests that were begun during the run.</param>
/// <param name="Failed">Those that were not answered as expected; none is sent again.</param>
/// <param name="P50Before">Half of the requests before the run took at most so long, in milliseconds; null if there were none.</param>
/// <param name="P99Before">99 of 100 requests before the run took at most so long, in milliseconds; null if there were none.</param>
/// <param name="P50During">Half of the requests during the run took at most so long, in milliseconds.</param>
/// <param name="P99During">99 of 100 requests during the run took at most so long, in milliseconds.</param>
public sealed record LoadSummary(long Sent, long Failed, double? P50Before, double? P99Before, double P50During, double P99During);
