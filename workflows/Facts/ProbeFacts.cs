namespace Refresh.Workflows.Facts;

/// <summary>The verdict of our own health probes of one member, taken together: healthy when each of them is.</summary>
/// <param name="Healthy">Every probe passed.</param>
/// <param name="Detail">What was seen: the status, or the probe that failed and why.</param>
/// <param name="At">When the last probe ended.</param>
public sealed record ProbeFacts(bool Healthy, string Detail, DateTimeOffset At);
