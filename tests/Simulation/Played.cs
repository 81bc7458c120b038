using Refresh.Simulation.Faults;
using Refresh.Simulation.Proof;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation;

/// <summary>What came of playing a seed.</summary>
/// <param name="Broken">The promise that was broken, or null.</param>
/// <param name="Timeline">All that happened.</param>
/// <param name="Coverage">What was counted.</param>
/// <param name="Time">The virtual time it took.</param>
/// <param name="Steps">The steps it took.</param>
/// <param name="FirstWorkerSteps">The steps that the first worker took.</param>
/// <param name="Run">The run as the journal has it; null if it was never begun.</param>
/// <param name="Drawn">How often a fault was drawn, whether or not it came to strike.</param>
internal sealed record Played(string? Broken, Timeline Timeline, Coverage Coverage, TimeSpan Time, long Steps, long FirstWorkerSteps, Run? Run, Func<Fault, int> Drawn)
{
    /// <summary>The name of the promise that was broken, or null.</summary>
    public string? Promise => Broken?.Split(':')[0];
}
