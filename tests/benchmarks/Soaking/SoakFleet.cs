using Refresh.Benchmarks.Lab;
using Refresh.Lab.Client;

namespace Refresh.Benchmarks.Soaking;

/// <summary>The fleet file of the soak program: short waits, long deadlines.</summary>
internal static class SoakFleet
{
    /// <summary>Its text.</summary>
    /// <param name="lab">The lab.</param>
    public static string Text(LabFacts lab) => LabFleet.Text(lab, "soak", """
        identity:
          http: { path: /identity, timeout: 5s }
        canary: { pairs: 1, bake: 300ms }
        waves: { maxPairsAtOnce: 2 }
        guard: { timeout: 1m, interval: 100ms, maxAge: 10s }
        drain: { timeout: 1m, interval: 50ms }
        rebuild: { timeout: 2m }
        verify: { timeout: 1m, interval: 100ms }
        rejoin: { timeout: 1m }
        soak: { duration: 400ms, interval: 100ms }
        watch: { interval: 100ms }
        """);
}
