using System.Globalization;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>What people are told of an entry of the journal; of most of them, nothing.</summary>
internal static class NoticeOf
{
    /// <summary>The notice of an entry; null when there is nothing to tell.</summary>
    /// <param name="run">The run after it.</param>
    /// <param name="entry">The entry.</param>
    public static Notice? Entry(Run run, JournalEntry entry)
    {
        Notice Of(string kind, NoticeLevel level, string text, Reason? why = null, string? by = null) => new($"{run.Id}-{entry.Sequence}", kind, level, run.Fleet.Name, text, by ?? run.By)
        {
            At = entry.At,
            Run = run.Id,
            Image = run.Image.Ref.Label,
            State = run.State.ToString(),
            Why = why?.Text,
            Pairs = Pairs(run),
        };
        return entry.Event switch
        {
            RunPlanned planned => Of(NoticeKind.RunBegun, NoticeLevel.Info, $"run {run.Id} to {run.Image.Ref.Label} begins: {planned.Plan.Rebuilds()} members to rebuild, asked for by {planned.By}{(planned.Why.Length > 0 ? $" because {planned.Why}" : string.Empty)}"),
            RunMoved moved => Moved(run, moved, Of),
            RunHalted halted => Of(NoticeKind.RunHalted, NoticeLevel.Error, $"run {run.Id} begins no further member", halted.Why),
            TakenOver taken => Of(NoticeKind.RunTakenOver, NoticeLevel.Info, $"run {run.Id} was taken over by {taken.Worker}"),
            RequestAnswered asked => Of(NoticeKind.RunAsked, asked.Refusal is null ? NoticeLevel.Info : NoticeLevel.Warn, $"{asked.Request.By} asked run {run.Id} to {asked.Request.Kind.Verb()}{(asked.Request.Why.Length > 0 ? $" because {asked.Request.Why}" : string.Empty)}: {(asked.Refusal is null ? "taken up" : "refused")}", asked.Refusal, asked.Request.By),
            WaveBegun wave => Of(NoticeKind.WaveBegun, NoticeLevel.Info, $"wave {wave.Wave + 1} of {run.Plan.Waves.Count} of run {run.Id} begins"),
            PairMoved { To: PairState.Refreshed } pair => Of(NoticeKind.PairRefreshed, NoticeLevel.Info, $"pair {pair.Pair} is refreshed") with { Pair = pair.Pair },
            PairMoved { To: PairState.Frozen } pair => Of(NoticeKind.PairFrozen, NoticeLevel.Error, $"pair {pair.Pair} is frozen, and left as it is for a person", pair.Why) with { Pair = pair.Pair },
            MemberWaits { Why.Count: > 0 } waits => Of(NoticeKind.MemberWaiting, NoticeLevel.Warn, $"{waits.Member} waits: {string.Join("; ", waits.Why.Select(reason => reason.Text))}") with
            {
                // What is waited for the same reasons is told once.
                Id = $"{run.Id}-{waits.Member}-{string.Join('.', waits.Why.Select(reason => reason.Code).Order(StringComparer.Ordinal))}",
                Pair = waits.Member.Pair,
                Member = waits.Member.ToString(),
            },
            ImageRevoked revoked => Of(NoticeKind.ImageRevoked, NoticeLevel.Error, $"{run.Image.Ref.Label}, to which run {run.Id} goes, was revoked by {revoked.Revocation.By}: {revoked.Revocation.Why}"),
            _ => null,
        };
    }

    /// <summary>How a run stands, as one message that is edited.</summary>
    public static Notice Status(Run run, long sequence, DateTimeOffset at)
    {
        var lines = new List<string> { $"run {run.Id} to {run.Image.Ref.Label}: {run.State}; pairs done: {Pairs(run)}{(run.FrozenPairs > 0 ? $", {run.FrozenPairs} frozen" : string.Empty)}" };
        lines.AddRange(Waiting.Of(run).Select(wait => $"Waits: {wait.Text}"));
        var active = run.InFlight.Select(pair => run.Pairs[pair].Active).OfType<MemberProgress>().ToList();
        lines.AddRange(active.Take(5).Select(member => $"{member.Id}: {member.State}"));
        if (active.Count > 5)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {active.Count - 5} more members"));
        return new Notice($"{run.Id}-status-{sequence}", NoticeKind.Status, NoticeLevel.Info, run.Fleet.Name, string.Join('\n', lines), run.By)
        {
            At = at,
            Run = run.Id,
            Image = run.Image.Ref.Label,
            State = run.State.ToString(),
            Why = run.Why?.Text,
            Pairs = Pairs(run),
        };
    }

    private static Notice? Moved(Run run, RunMoved moved, Func<string, NoticeLevel, string, Reason?, string?, Notice> of)
    {
        var lasted = Durations.InWords(run.UpdatedAt - run.StartedAt);
        (string Kind, NoticeLevel Level, string Text)? told = moved.To switch
        {
            RunState.AwaitingApproval => (NoticeKind.ApprovalNeeded, NoticeLevel.Warn, $"run {run.Id} to {run.Image.Ref.Label} waits for approval: approve {run.Id}"),
            RunState.Waiting => (NoticeKind.RunWaiting, NoticeLevel.Info, $"run {run.Id} waits for a patch window"),
            RunState.Running when moved.From != RunState.Planned => (NoticeKind.RunRunning, NoticeLevel.Info, $"run {run.Id} goes on"),
            RunState.Paused => (NoticeKind.RunPaused, NoticeLevel.Warn, $"run {run.Id} is paused"),
            RunState.Cancelling => (NoticeKind.RunCancelling, NoticeLevel.Info, $"run {run.Id} is being cancelled; what is away comes back first"),
            RunState.RollingBack => (NoticeKind.RunRollingBack, NoticeLevel.Warn, $"run {run.Id} goes back to the recorded images"),
            RunState.Succeeded => (NoticeKind.RunSucceeded, NoticeLevel.Info, $"run {run.Id} to {run.Image.Ref.Label} succeeded after {lasted}"),
            RunState.Failed => (NoticeKind.RunFailed, NoticeLevel.Error, $"run {run.Id} to {run.Image.Ref.Label} failed after {lasted}"),
            RunState.Cancelled => (NoticeKind.RunCancelled, NoticeLevel.Warn, $"run {run.Id} was cancelled after {lasted}"),
            RunState.RolledBack => (NoticeKind.RunRolledBack, NoticeLevel.Warn, $"run {run.Id} was rolled back"),
            _ => null,
        };
        return told is var (kind, level, text) ? of(kind, level, text, moved.Why, null) : null;
    }

    private static string Pairs(Run run) => string.Create(CultureInfo.InvariantCulture, $"{run.Pairs.Values.Count(pair => pair.State is PairState.Refreshed or PairState.Skipped or PairState.RolledBack)} of {run.Pairs.Count}");
}
