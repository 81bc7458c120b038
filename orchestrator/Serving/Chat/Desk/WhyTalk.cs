using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>Why a pair waits, or why it was left as it is (promise 9).</summary>
internal sealed class WhyTalk(RunTargets targets, IRunJournal journal)
{
    public async Task<ChatReply> SayAsync(Caller caller, string name, CancellationToken cancellation)
    {
        var (desk, pair) = Find(caller, name);
        if (await targets.LatestAsync(desk.Name, cancellation) is not { } head)
            return new ChatReply($"Fleet {desk.Name} has had no run yet, so nothing was done to pair {pair}.") { Fleet = desk.Name };
        var run = (await RunHistory.ReadAsync(journal, head.Run, cancellation)).Run;
        return run.Pairs.TryGetValue(pair, out var progress)
            ? ChatReply.Of(Lines(run, progress)) with { Fleet = desk.Name, Subject = run.Id }
            : new ChatReply($"Run {run.Id} of fleet {desk.Name} has no pair {pair}: it began before the pair was in the fleet file.") { Fleet = desk.Name };
    }

    private static IEnumerable<string> Lines(Run run, PairProgress pair)
    {
        yield return $"Pair {pair.Name} of fleet {run.Fleet.Name}: {pair.State} since {pair.Since:yyyy-MM-dd HH:mm:ss} UTC (run {run.Id}, {run.State})";
        var waits = Waiting.Of(run, pair.Name);
        foreach (var reason in waits)
            yield return Words(reason);
        foreach (var member in pair.Members)
            yield return $"{member.Id}: {member.State}{(member.Away ? ", out of rotation" : string.Empty)}{Why(Waiting.Of(run, member.Id))}";
        if (waits.Count == 0 && !run.Finished)
        {
            foreach (var reason in Waiting.Of(run))
                yield return $"The run: {Words(reason)}";
        }
    }

    private static string Why(IReadOnlyList<Reason> reasons) => reasons.Count == 0 ? string.Empty : $": {string.Join("; ", reasons.Select(Words))}";

    private static string Words(Reason reason) => $"{reason.Text}. Ends when: {reason.EndsWhen}";

    private (FleetDesk Desk, string Pair) Find(Caller caller, string name)
    {
        if (name.Split('/') is [var fleet, var own])
        {
            var desk = targets.Fleet(caller, fleet);
            return Names(desk).Contains(own) ? (desk, own) : throw Problem.Of(ProblemCode.NoSuchPair, $"Fleet {fleet} has no pair {own}; {Suggestion.For(own, [.. Names(desk)])}");
        }

        var found = targets.Fleets(caller).Where(desk => Names(desk).Contains(name)).ToList();
        return found switch
        {
            [var only] => (only, name),
            [] => throw Problem.Of(ProblemCode.NoSuchPair, $"No fleet that you may see has a pair {name}{Guess(name, caller)}"),
            _ => throw Problem.Of(ProblemCode.InvalidRequest, $"Which one? {string.Join(", ", found.Select(desk => $"why {desk.Name}/{name}"))}"),
        };
    }

    private string Guess(string name, Caller caller)
    {
        var all = targets.Fleets(caller).SelectMany(Names).Distinct(StringComparer.Ordinal).Take(200).ToList();
        var guess = all.Count == 0 ? string.Empty : Suggestion.For(name, all);
        return guess.StartsWith("did", StringComparison.Ordinal) ? $"; {guess}" : ".";
    }

    private static IEnumerable<string> Names(FleetDesk desk) => desk.Definition.Fleet.Pairs.Select(pair => pair.Name);
}
