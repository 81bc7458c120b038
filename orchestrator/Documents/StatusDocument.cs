using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Documents;

/// <summary>How a run stands, as <c>refresh status --json</c> prints it; waves are counted from 1.</summary>
internal sealed record StatusDocument(
    string Run,
    string Fleet,
    string Image,
    RunState State,
    bool Finished,
    Reason? Why,
    string By,
    string Source,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    StatusDocument.WaveCount Wave,
    IReadOnlyDictionary<PairState, int> Pairs,
    StatusDocument.LeaseHolder? Worker,
    IReadOnlyList<Reason> Waits,
    IReadOnlyList<StatusDocument.Step> UnderWay,
    IReadOnlyList<StatusDocument.Wait> Waiting,
    IReadOnlyList<RunRequest> Requests,
    string? Next,
    StatusDocument.RevokedImage? Revoked)
{
    public static StatusDocument Of(Run run, Lease? holder, IReadOnlyList<RunRequest> requests, ImageRevocation? known)
    {
        var revoked = run.Revoked ?? known;
        var pairs = run.Plan.Pairs().Select(pair => run.Pairs[pair.Name]).ToList();
        var left = !run.Finished && holder is null;
        IEnumerable<Reason> nobody = left ? [new Reason("no-worker", $"nobody works on run {run.Id}", $"`refresh resume {run.Id}`")] : [];
        return new StatusDocument(
            run.Id,
            run.Fleet.Name,
            run.Image.Ref.Label,
            run.State,
            run.Finished,
            run.Why,
            run.By,
            run.Source,
            run.StartedAt,
            run.UpdatedAt,
            new WaveCount(run.Wave + 1, run.Plan.Waves.Count, run.Wave >= 0 && run.Plan.Waves[run.Wave].Canary),
            new SortedDictionary<PairState, int>(run.Pairs.Values.GroupBy(pair => pair.State).ToDictionary(group => group.Key, group => group.Count())),
            holder is null ? null : new LeaseHolder(holder.Worker, holder.ExpiresAt),
            [.. nobody, .. Workflows.Reasons.Waiting.Of(run)],
            [.. pairs.SelectMany(pair => pair.Members).Where(member => member.Active).Select(member => Of(run, member))],
            [.. pairs.Select(pair => new Wait(pair.Name, pair.State, pair.Since, Workflows.Reasons.Waiting.Of(run, pair.Name))).Where(wait => wait.Waits.Count > 0)],
            requests,
            NextOf(run, left),
            revoked is null ? null : new RevokedImage(revoked.By, revoked.At, revoked.Why, MemberImages.Of(run, run.Image.Ref)));
    }

    private static Step Of(Run run, MemberProgress member) => new(member.Id, member.State, member.Since, member.Away, Workflows.Reasons.Waiting.Of(run, member.Id));

    private static string? NextOf(Run run, bool left) => run.State switch
    {
        RunState.Failed or RunState.Cancelled => $"refresh report {run.Id}; to take back what was done: refresh rollback {run.Id}",
        RunState.Succeeded or RunState.RolledBack => $"refresh report {run.Id}",
        RunState.AwaitingApproval => $"refresh approve {run.Id}{(left ? $", then refresh resume {run.Id}" : string.Empty)}",
        RunState.Paused => $"refresh resume {run.Id}",
        _ => left ? $"refresh resume {run.Id}" : null,
    };

    /// <summary>The image is revoked; the members were seen to run it last.</summary>
    internal sealed record RevokedImage(string By, DateTimeOffset At, string Why, IReadOnlyList<MemberId> RunBy);

    internal sealed record WaveCount(int Number, int Of, bool Canary);

    internal sealed record LeaseHolder(string Name, DateTimeOffset LeaseUntil);

    internal sealed record Step(MemberId Member, MemberState State, DateTimeOffset Since, bool Away, IReadOnlyList<Reason> Waits);

    internal sealed record Wait(string Pair, PairState State, DateTimeOffset Since, IReadOnlyList<Reason> Waits);
}
