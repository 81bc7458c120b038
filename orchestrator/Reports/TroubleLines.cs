using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Reports;

/// <summary>Something that waited or failed.</summary>
/// <param name="At">When it began.</param>
/// <param name="Who">The member, pair or run.</param>
/// <param name="What">What it was.</param>
/// <param name="Why">Why, and what ends it.</param>
/// <param name="Bad">It failed.</param>
internal sealed record TroubleLine(DateTimeOffset At, string Who, string What, IReadOnlyList<Reason> Why, bool Bad);

/// <summary>All that waited or failed in a run, in order.</summary>
internal static class TroubleLines
{
    public static IEnumerable<TroubleLine> Of(RunReport report) =>
        report.Pairs.SelectMany(pair => Of(pair, report.AsOf)).OrderBy(line => line.At).Concat(Halted(report));

    private static IEnumerable<TroubleLine> Of(PairReport pair, DateTimeOffset asOf)
    {
        foreach (var member in pair.Members)
        {
            var who = member.Id.ToString();
            foreach (var wait in member.Waits)
                yield return new TroubleLine(wait.From, who, $"waited {Durations.InWords((wait.To ?? asOf) - wait.From)}{(wait.To is null ? " so far" : string.Empty)}", wait.Why, false);
            foreach (var failure in member.Failures)
                yield return new TroubleLine(failure.At, who, $"{failure.Step.ToLowerInvariant()} failed", [failure.Reason], failure.Final);
        }

        foreach (var alarm in pair.Alarms)
            yield return new TroubleLine(alarm.At, alarm.Away.ToString(), alarm.Until is { } well ? $"peer was bad for {Durations.InWords(well - alarm.At)}" : "peer went bad", alarm.Why, true);
        var told = pair.Members.Any(member => member.Failures.Any(failure => failure.Reason == pair.Why));
        if (pair is { Why: { } why, Ended: { } ended } && !told)
            yield return new TroubleLine(ended, pair.Name, Words.Of(pair.State), [why], pair.State == PairState.Frozen);
    }

    private static IEnumerable<TroubleLine> Halted(RunReport report)
    {
        if (report.Halted is { } halted)
            yield return new TroubleLine(report.EndedAt ?? report.AsOf, "the run", "halted", [halted], true);
    }
}
