using Refresh.Orchestrator.Commands.Views;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary>What a run came to, for people: every member before and after, with what proves it, and what to do next.</summary>
internal static class Ending
{
    public static IEnumerable<string> Lines(Run run)
    {
        yield return string.Empty;
        foreach (var member in run.Plan.Pairs().SelectMany(pair => run.Pairs[pair.Name].Members).Where(member => member.State != MemberState.Pending))
            yield return Member(member);
        yield return string.Empty;
        yield return $"Run {run.Id} {run.State} after {RunTable.Span(run.UpdatedAt - run.StartedAt)}{(run.Why is { } why ? $": {why.Text}." : ".")}";
        foreach (var pair in run.Pairs.Values.Where(pair => pair.State == PairState.Frozen).OrderBy(pair => pair.Name, StringComparer.Ordinal))
            yield return $"Pair {pair.Name} is frozen: {pair.Why?.Text}. {Serving(pair)} Next: {pair.Why?.EndsWhen}.";
        foreach (var line in Next(run))
            yield return line;
    }

    private static string Member(MemberProgress member)
    {
        var before = member.Recorded?.Guest;
        var after = member.Proof?.Guest;
        return (member.State, before, after) switch
        {
            (MemberState.Refreshed or MemberState.Reverted, _, { } proved) =>
                $"{member.Id}  {before?.Image.Label ?? "unknown"} -> {proved.Image.Label}  machine {Short(before?.MachineId)} -> {Short(proved.MachineId)}  VM {Short(member.Recorded?.Vm?.Identity?.Id)} -> {Short(member.Proof!.Vm?.Identity?.Id)}  booted {proved.BootedAt:HH:mm:ss}  healthy {member.Proof.Passes} times in a row",
            (MemberState.Current, _, _) => $"{member.Id}  needed nothing",
            _ => $"{member.Id}  {before?.Image.Label ?? "unknown"}  {member.State}{(member.Away ? ", out of rotation" : string.Empty)}",
        };
    }

    private static string Serving(PairProgress pair) => pair.Members.FirstOrDefault(member => member.Away) is { } away
        ? $"{away.Id} is out of rotation; {pair.PeerOf(away.Id).Id} serves."
        : "Both members are in rotation as far as this run has changed it.";

    private static IEnumerable<string> Next(Run run) => run.State switch
    {
        RunState.Succeeded or RunState.RolledBack => [$"The report: refresh report {run.Id}"],
        RunState.Failed => [$"The report: refresh report {run.Id}. To take back what was done: refresh rollback {run.Id}. To go on with the rest once it is mended: refresh run"],
        RunState.Cancelled => [$"To take back what was done: refresh rollback {run.Id}"],
        _ => [$"It can be gone on with: refresh resume {run.Id}"],
    };

    private static string Short(string? id) => id is null ? "unknown" : id[..Math.Min(8, id.Length)];
}
