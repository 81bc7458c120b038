namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>What bounds the runs of <c>pulumi</c> in one process of Refresh, for all its fleets together.</summary>
/// <param name="clock">The only clock.</param>
internal sealed class ProcessBounds(TimeProvider clock)
{
    /// <summary>Those that start the engine, with a language host and providers.</summary>
    public EngineBudget Engines { get; } = new(EngineBudget.FreeMiB, clock);

    /// <summary>Those that only read or write a state or a configuration, and take little memory.</summary>
    public EngineBudget Readers { get; } = new(() => null, clock);
}
