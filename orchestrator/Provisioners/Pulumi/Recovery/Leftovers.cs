using Refresh.Orchestrator.Provisioners.Pulumi.Cli;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Recovery;

/// <summary>
/// Processes that were started for a stack, found by a mark in their environment. A command leads its session; hosts and
/// providers whose session has lost its leader are left over from a command that was killed, and still change the cloud.
/// </summary>
internal static class Leftovers
{
    /// <summary>Commands that still work on the stack.</summary>
    public static IReadOnlyList<ProcessFacts> Commands(string stack) => [.. Marked(stack).Where(process => process.Pid == process.Session)];

    /// <summary>Hosts and providers of commands that are gone.</summary>
    public static IReadOnlyList<ProcessFacts> Find(string stack)
    {
        var marked = Marked(stack);
        var leaders = marked.Select(process => process.Pid).ToHashSet();
        return [.. marked.Where(process => !leaders.Contains(process.Session) && process.Session != 0)];
    }

    private static IReadOnlyList<ProcessFacts> Marked(string stack) => Processes.Marked(PulumiEnvironment.Mark, stack);
}
