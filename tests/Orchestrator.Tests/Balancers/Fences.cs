using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What a balancer asks before its commands.</summary>
internal static class Fences
{
    public static readonly Func<CancellationToken, Task> None = _ => Task.CompletedTask;

    /// <summary>The fleet is ours for so many commands, and then somebody else's.</summary>
    public static Func<CancellationToken, Task> For(int commands)
    {
        var asked = 0;
        return _ => Interlocked.Increment(ref asked) <= commands
            ? Task.CompletedTask
            : throw new JournalException(JournalFault.LeaseLost, "somebody else has the fleet");
    }
}
