using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>How fleets stand, in a few lines.</summary>
internal sealed class StatusTalk(RunTargets targets, RunBook book)
{
    private const int Most = 8;

    /// <summary>One line a fleet, or one fleet in detail.</summary>
    public async Task<ChatReply> SayAsync(Caller caller, string? fleet, CancellationToken cancellation)
    {
        if (fleet is not null)
            return await FleetAsync(caller, targets.Fleet(caller, fleet), cancellation) with { Fleet = fleet };
        var fleets = targets.Fleets(caller);
        if (fleets.Count == 0)
            return new ChatReply("There is no fleet here that you may see.");
        var lines = new List<string>();
        foreach (var desk in fleets.Take(Most * 3))
            lines.Add(await LineAsync(desk, cancellation));
        if (fleets.Count > lines.Count)
            lines.Add($"… and {fleets.Count - Most * 3} more: status FLEET");
        return ChatReply.Of(lines);
    }

    private async Task<string> LineAsync(FleetDesk desk, CancellationToken cancellation)
    {
        var head = await targets.LatestAsync(desk.Name, cancellation);
        if (head is null)
            return $"{desk.Name}: no run yet";
        if (head.Finished)
            return $"{desk.Name}: {head.State} {head.UpdatedAt:yyyy-MM-dd HH:mm} UTC, {head.Image} (run {head.Run})";
        var blocked = desk.Blocked is { } why ? $"; not worked on: {why.Text}" : desk.Run is { } run && Waiting.Of(run) is [var first, ..] ? $"; {first.Text}" : string.Empty;
        return $"{desk.Name}: {head.State} to {head.Image} (run {head.Run}){blocked}";
    }

    private async Task<ChatReply> FleetAsync(Caller caller, FleetDesk desk, CancellationToken cancellation)
    {
        if (await targets.LatestAsync(desk.Name, cancellation) is not { } head)
            return new ChatReply($"Fleet {desk.Name}: {desk.Definition.Fleet.Pairs.Count} pairs, no run yet. To begin one: refresh {desk.Name}");
        var (run, _) = await book.StatusAsync(caller, head.Run, cancellation);
        return ChatReply.Of(Lines(run, desk)) with { Subject = head.Run };
    }

    private static IEnumerable<string> Lines(StatusDocument run, FleetDesk desk)
    {
        yield return $"Fleet {run.Fleet}: {run.State}{(run.Why is { } why ? $" ({why.Text})" : string.Empty)}";
        yield return $"Run {run.Run} to {run.Image}, begun {run.StartedAt:yyyy-MM-dd HH:mm} UTC by {run.By}{(run.Finished ? $", ended {run.UpdatedAt:yyyy-MM-dd HH:mm} UTC" : string.Empty)}";
        yield return $"Pairs: {string.Join(", ", run.Pairs.Select(pair => $"{pair.Value} {pair.Key}"))}{(run.Finished || run.Wave.Number == 0 ? string.Empty : $"; wave {run.Wave.Number} of {run.Wave.Of}")}";
        if (desk.Blocked is { } blocked)
            yield return $"Not worked on: {blocked}";
        foreach (var wait in run.Waits)
            yield return $"Waits: {wait.Text}. Ends when: {wait.EndsWhen}";
        foreach (var step in run.UnderWay.Take(Most))
            yield return $"{step.Member} {step.State}{(step.Waits is [var reason, ..] ? $": {reason.Text}" : string.Empty)}";
        if (run.UnderWay.Count > Most)
            yield return $"… and {run.UnderWay.Count - Most} more members under way";
        foreach (var pair in run.Waiting.Where(pair => pair.State == PairState.Frozen).Take(Most))
            yield return $"{pair.Pair} Frozen: {string.Join("; ", pair.Waits.Select(reason => reason.Text))}";
        foreach (var request in run.Requests)
            yield return $"Asked by {request.By} and not answered yet: {request.Kind.Command()}";
        if (run.State == RunState.AwaitingApproval)
            yield return $"To let it begin: approve {run.Run}";
    }
}
