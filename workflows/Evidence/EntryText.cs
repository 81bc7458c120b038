using Refresh.Workflows.Facts;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>An entry of the journal in one line, for people.</summary>
/// <param name="Kind">What kind of entry it is, for example <c>outcome drained</c>.</param>
/// <param name="About">The run, pair, member or intent that it is about.</param>
/// <param name="Text">What it says.</param>
public sealed record EntryText(string Kind, string About, string Text)
{
    /// <summary>Puts an event into words.</summary>
    /// <param name="happened">The event.</param>
    /// <returns>One line.</returns>
    public static EntryText Of(RunEvent happened) => happened switch
    {
        RunPlanned planned => new("planned", planned.Run, $"fleet {planned.Fleet.Name} to {planned.Image.Ref}: {planned.Plan.Waves.Count} waves, {planned.Plan.Rebuilds()} members to rebuild, asked for by {planned.By}{(planned.OutsideWindows ? ", outside of patch windows" : string.Empty)}"),
        RunMoved moved => new("run", "run", Move(moved.From, moved.To, moved.Trigger, moved.Why)),
        PairMoved moved => new("pair", moved.Pair, Move(moved.From, moved.To, moved.Trigger, moved.Why)),
        MemberMoved moved => new("member", moved.Member.ToString(), Move(moved.From, moved.To, moved.Trigger, moved.Why)),
        MemberWaits { Why.Count: 0 } waits => new("waits no more", waits.Member.ToString(), "its peer serves again"),
        MemberWaits waits => new("waits", waits.Member.ToString(), All(waits.Why)),
        WaveBegun wave => new("wave", "run", $"wave {wave.Wave + 1} begins"),
        RunHalted halted => new("halted", "run", halted.Why.ToString()),
        RollbackOrdered ordered => new("rollback", "run", $"goes back in this order: {string.Join(", ", ordered.Pairs)}"),
        IntentRecorded recorded => new($"intent {Word(recorded.Intent)}", recorded.Intent.Id, Purpose(recorded.Intent)),
        IntentWithdrawn withdrawn => new("withdrawn", withdrawn.Intent, withdrawn.Why),
        OutcomeRecorded outcome => new($"outcome {Word(outcome.Outcome)}", outcome.Intent, Outcome(outcome.Outcome)),
        RungClimbed climbed => new("rung", climbed.Intent, climbed.Rung),
        RequestAnswered answered => new("request", "run", $"{answered.Request.By} asked to {Word(answered.Request.Kind)}{(answered.Request.Why.Length > 0 ? $" ({answered.Request.Why})" : string.Empty)}: {answered.Refusal?.ToString() ?? "taken up"}"),
        WindowsSeen seen => new("windows", "run", seen.Outlook.Windows.Count == 0 ? $"none until {seen.Outlook.Until:u}" : $"the next from {seen.Outlook.Windows[0].Start:u} to {seen.Outlook.Windows[0].End:u}; {seen.Outlook.Windows.Count} until {seen.Outlook.Until:u}"),
        ImageRevoked revoked => new("revoked", "run", $"the image was seen to be revoked by {revoked.Revocation.By}: {revoked.Revocation.Why}"),
        TakenOver taken => new("taken over", "run", $"by {taken.Worker}"),
        _ => throw new ArgumentException($"Nobody has words for {happened?.GetType().Name ?? "null"}.", nameof(happened)),
    };

    private static string Move(Enum from, Enum to, Enum trigger, Reason? why) => $"{from} -> {to} ({trigger}){(why is null ? string.Empty : $": {why}")}";

    private static string All(IReadOnlyList<Reason> reasons) => string.Join("; ", reasons);

    private static string Word(object kind) => kind switch
    {
        WatchPeer => "watch peer",
        DrainRefused => "drain refused",
        RebuildRefused => "rebuild refused",
        PowerOff => "power off",
        PoweredOff => "powered off",
        Enum => kind.ToString()!.ToLowerInvariant(),
        _ => kind.GetType().Name.ToLowerInvariant(),
    };

    private static string Purpose(Intent intent) => intent switch
    {
        Drain => $"drain {intent.Member}, empty by {intent.Deadline:u}",
        Preview preview => $"ask what a rebuild of {intent.Member} from {preview.Image} would change",
        Rebuild rebuild => $"rebuild {intent.Member} from {rebuild.Image}: {string.Join(", ", rebuild.Plan.Steps.Select(step => $"{step.Operation} {step.Resource}"))}",
        Recover recover => $"find out what became of {intent.Member}, which was to be rebuilt from {recover.Image}{(recover.FailedTries > 0 ? $", try {recover.FailedTries + 1}" : string.Empty)}",
        Verify verify => $"prove that {intent.Member} is new, runs {verify.Image} and is healthy",
        Rejoin => $"put {intent.Member} back in rotation",
        PowerOff off => $"power {intent.Member} off again, VM {off.Vm}",
        Soak soak => $"watch {intent.Member} until {soak.Until:u}",
        WatchPeer { PeerIsBad: true } => $"watch the peer of {intent.Member} until it is well again",
        WatchPeer => $"watch the peer of {intent.Member} while it is away",
        Bake bake => $"watch pair {intent.Member.Pair} until {bake.Until:u}",
        _ => $"look at {intent.Member} and its peer",
    };

    private static string Outcome(Outcome outcome) => outcome switch
    {
        Observed seen => $"{Facts(seen.Facts.Member)}; {Facts(seen.Facts.Peer)}",
        Drained drained => $"empty and held out, {Counted.Of(drained.Cut, "session")} cut; before: {Facts(drained.Permitted.Peer)}",
        DrainRefused refused => All(refused.Refusals),
        RebuildRefused refused => All(refused.Refusals),
        Previewed previewed => string.Join(", ", previewed.Preview.Steps.Select(step => $"{step.Operation} {step.Resource}")),
        Rebuilt rebuilt => Vm(rebuilt.Vm),
        Recovered { Recovery: var recovery } => $"{recovery.Fate}: {string.Join("; ", recovery.Rungs)}; {Vm(recovery.Vm)}",
        Examined { Facts: var facts } => $"{(facts.Vm is null ? "no VM seen" : Vm(facts.Vm))}; guest {(facts.Guest is { } guest ? $"runs {guest.Image}, machine id {guest.MachineId}" : "not read")}; healthy {facts.Passes} times in a row",
        Rejoined rejoined => $"in rotation: {rejoined.Balancer.Detail}",
        PoweredOff off => Vm(off.Vm),
        Watched watched => watched.Bad.Count > 0 ? All(watched.Bad) : $"good, {watched.Looks} looks",
        Failed failed => failed.Reason.ToString(),
        _ => Word(outcome),
    };

    private static string Facts(MemberFacts facts) =>
        $"{facts.Id} {(facts.Serves ? "serves" : "does not serve")} (balancer: {facts.Balancer?.Detail ?? "not read"}; probe: {facts.Probe?.Detail ?? "not read"})";

    private static string Vm(VmFacts vm) => $"VM {vm.Identity?.ToString() ?? "none"}, {vm.Power}, made from {vm.Image ?? "unknown"}";
}
