namespace Refresh.Simulation;

/// <summary>A promise was broken in the simulated world, or the run came to where it should never come.</summary>
internal sealed class BrokenPromiseException(string promise, string what) : Exception($"{promise}: {what}")
{
    /// <summary>Which promise.</summary>
    public string Promise { get; } = promise;
}
