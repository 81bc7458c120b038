using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Demo;

/// <summary>Looks whether a failure was contained: what is in rotation of a frozen pair must be seen to serve.</summary>
internal static class Containment
{
    /// <summary>Looks at every frozen pair.</summary>
    /// <param name="run">The run that has ended.</param>
    /// <param name="ports">What it looks through.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>A line for each member that was seen.</returns>
    public static async Task<IReadOnlyList<string>> LookAsync(Run run, RunPorts ports, CancellationToken cancellation)
    {
        var observer = new Observer(ports);
        var lines = new List<string>();
        foreach (var pair in run.Pairs.Values.Where(pair => pair.State == PairState.Frozen).OrderBy(pair => pair.Name, StringComparer.Ordinal))
        {
            foreach (var member in pair.Members.Where(member => !member.Away))
            {
                var one = pair.Pair.Get(member.Id);
                var seen = await observer.ServingAsync(one, cancellation);
                var against = PairRule.Serving(one, seen, ports.Clock.GetUtcNow(), run.Fleet.Policy.Guard.MaxAge).Select(reason => reason.Text).ToList();
                lines.Add(against.Count == 0
                    ? $"Pair {pair.Name} is frozen, and {member.Id} was seen to serve: {seen.Balancer!.Detail}; {seen.Probe!.Detail}."
                    : $"Pair {pair.Name} is frozen, and {member.Id} does not serve: {string.Join("; ", against)}.");
            }
        }

        return lines;
    }
}
