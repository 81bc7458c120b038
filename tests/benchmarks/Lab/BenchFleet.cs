using System.Globalization;
using Refresh.Lab.Client;

namespace Refresh.Benchmarks.Lab;

/// <summary>The fleet file of the lab's suite, and what it makes necessary by itself.</summary>
internal static class BenchFleet
{
    private const int Looks = 3;
    private static readonly TimeSpan s_drain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_verify = TimeSpan.FromSeconds(1);

    /// <summary>How long a member is watched after it rejoined: the default of a fleet file.</summary>
    public static TimeSpan Soak { get; } = TimeSpan.FromMinutes(1);

    /// <summary>What a member waits at least between looks: three empty counts, three healthy probes.</summary>
    public static TimeSpan Waits => (Looks - 1) * (s_drain + s_verify);

    /// <summary>Its text, without canaries.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="atOnce">The pairs at once.</param>
    public static string Text(LabFacts lab, int atOnce) => LabFleet.Text(lab, "bench", string.Create(CultureInfo.InvariantCulture, $$"""
        canary: { pairs: 0 }
        waves: { maxPairsAtOnce: {{atOnce}} }
        guard: { timeout: 1m, interval: 500ms, maxAge: 10s }
        drain: { timeout: 1m, interval: {{s_drain.TotalMilliseconds}}ms, emptyPolls: {{Looks}} }
        verify: { timeout: 2m, interval: {{s_verify.TotalMilliseconds}}ms, passes: {{Looks}} }
        soak: { duration: {{Soak.TotalSeconds}}s }
        """));
}
