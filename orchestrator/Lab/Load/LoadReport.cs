namespace Refresh.Lab.Load;

/// <summary>What has come of the load so far; one line of JSON a second, and a last one.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Final">Whether it is the last one: nothing is in flight.</param>
/// <param name="Phase">The phase that requests are counted in now.</param>
/// <param name="Sent">Requests begun.</param>
/// <param name="Ok">Requests answered as expected: status 200 and the whole body.</param>
/// <param name="Failed">All others that have ended; none is sent again.</param>
/// <param name="InFlight">Requests that have not ended.</param>
/// <param name="Failures">The first failures, each with its time and what was seen.</param>
/// <param name="Phases">The same by phase, in the order of the phases; a request counts in the phase that it began in.</param>
public sealed record LoadReport(
    DateTimeOffset At,
    bool Final,
    string Phase,
    long Sent,
    long Ok,
    long Failed,
    long InFlight,
    IReadOnlyList<string> Failures,
    IReadOnlyList<LoadPhase> Phases);

/// <summary>The load of one phase.</summary>
/// <param name="Name">The phase, for example <c>during</c>.</param>
/// <param name="Sent">Requests begun.</param>
/// <param name="Ok">Requests answered as expected.</param>
/// <param name="Failed">All others that have ended.</param>
/// <param name="All">Latency of all answers as expected.</param>
/// <param name="Fast">Latency of the short ones.</param>
/// <param name="Slow">Latency of the long ones.</param>
public sealed record LoadPhase(string Name, long Sent, long Ok, long Failed, LoadLatency All, LoadLatency Fast, LoadLatency Slow);

/// <summary>Latencies in milliseconds, to within 2 %.</summary>
/// <param name="Count">How many were measured.</param>
/// <param name="P50">Half took at most so long.</param>
/// <param name="P99">99 of 100 took at most so long.</param>
/// <param name="Max">The longest.</param>
public sealed record LoadLatency(long Count, double P50, double P99, double Max);
