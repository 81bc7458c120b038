using Refresh.Workflows.Facts;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;
using Refresh.Workflows.Windows;

namespace Refresh.Workflows.Tests.Journal;

/// <summary>One of each kind of event, intent and outcome.</summary>
internal static class Samples
{
    private static readonly Reason s_why = new("asked", "ann asked", "it is done");
    private static readonly DateTimeOffset s_at = Seen.At.AddTicks(1234567);

    public static IReadOnlyList<RunEvent> Events =>
    [
        new RunPlanned("run-1", Seen.Fleet(2), Seen.New, Planner.Plan(Seen.Fleet(2), Seen.New.Ref, new Dictionary<Fleets.MemberId, MemberFacts>()), "ann", "november", "shop.yaml"),
        new RunPlanned("run-2", Seen.Fleet(1), Seen.New, Planner.Plan(Seen.Fleet(1), Seen.New.Ref, new Dictionary<Fleets.MemberId, MemberFacts>()), "ann", "kernel", "shop.yaml") { OutsideWindows = true, PerMember = TimeSpan.FromMinutes(9), Outlook = new WindowOutlook([], s_at) },
        new RunMoved(RunState.Running, RunState.Paused, RunTrigger.Pause, s_why),
        new PairMoved("web-1", PairState.Pending, PairState.Refreshing, PairTrigger.Begin, null),
        new MemberMoved(Seen.A, MemberState.Pending, MemberState.Guarding, MemberTrigger.Begin, null),
        new MemberWaits(Seen.A, [s_why]),
        new WaveBegun(1),
        new RunHalted(s_why),
        new RollbackOrdered(["web-2", "web-1"]),
        .. Intents.Select(intent => new IntentRecorded(intent)),
        new IntentWithdrawn("web-1/a#3", "the member is back"),
        .. Outcomes.Select(outcome => new OutcomeRecorded("web-1/a#1", outcome)),
        new RequestAnswered(new RunRequest("r-1", "run-1", RequestKind.Rollback, "ann", "bad image", s_at), s_why),
        new RequestAnswered(new RunRequest("r-2", "run-1", RequestKind.Pause, "ann", string.Empty, s_at, "192.0.2.7"), null),
        new TakenOver("host-1:42"),
        new WindowsSeen(new WindowOutlook([new PatchWindow(s_at, s_at.AddHours(4))], s_at.AddDays(400))),
        new RunPlanned("run-1", Seen.Fleet(1), Seen.New, Planner.Plan(Seen.Fleet(1), Seen.New.Ref, new Dictionary<Fleets.MemberId, MemberFacts>()), "ann", "november", "shop.yaml", Trust.Judged.Everything),
        new RungClimbed("web-1/a#5", "cleared the lock of stack web-1"),
        new ImageRevoked(new ImageRevocation("ann", s_at, "CVE-2026-9")),
    ];

    private static IEnumerable<Intent> Intents =>
    [
        new Observe("web-1/a#1", Seen.A, s_at, s_at, s_at),
        new Drain("web-1/a#2", Seen.A, s_at, s_at),
        new Preview("web-1/a#3", Seen.A, Seen.New.Ref, s_at),
        new Rebuild("web-1/a#4", Seen.A, Seen.New.Ref, Seen.Preview(Seen.A), s_at),
        new Recover("web-1/a#5", Seen.A, Seen.New.Ref, Seen.Vm(), s_at),
        new Recover("web-1/a#5", Seen.A, Seen.New.Ref, Seen.Vm(), s_at) { NotBefore = s_at, FailedTries = 2, LastFailure = s_why },
        new Verify("web-1/a#6", Seen.A, Seen.New.Ref, Seen.Vm(), null, s_at),
        new Verify("web-1/a#7", Seen.A, Seen.New.Ref, Seen.Vm(), Seen.Guest(Seen.Old), s_at),
        new Rejoin("web-1/a#8", Seen.A, s_at),
        new PowerOff("web-1/a#12", Seen.A, new VmIdentity("vm-2", "handle-2"), s_at),
        new Soak("web-1/a#9", Seen.A, s_at, s_at),
        new WatchPeer("web-1/a#10", Seen.A, DateTimeOffset.MaxValue),
        new WatchPeer("web-1/a#10", Seen.A, DateTimeOffset.MaxValue) { PeerIsBad = true },
        new Bake("web-1/a#11", Seen.A, s_at, s_at),
    ];

    private static IEnumerable<Outcome> Outcomes =>
    [
        new Observed(Seen.Pair(Seen.A, Seen.B)),
        new Observed(new PairFacts(new MemberFacts(Seen.A, null, null, null, null, [s_why]), Seen.Serving(Seen.B), "run-0")),
        new Drained(Seen.Pair(Seen.A, Seen.B), Seen.Balancer with { Rotation = Rotation.Out }, 2),
        new DrainRefused(Seen.Pair(Seen.A, Seen.B), [s_why]),
        new RebuildRefused(Seen.Serving(Seen.B), [s_why]),
        new Previewed(Seen.Preview(Seen.A)),
        new Previewed(Seen.Preview(Seen.A) with { Kept = [new KeptFile("/srv/records/state.json", "sha256:1")] }),
        new Rebuilt(Seen.Vm("vm-2") with { Identity = new VmIdentity("vm-2", "handle-2") }),
        new Recovered(new RebuildRecovery(RebuildFate.Gone, Seen.Vm() with { Identity = null }, ["looked", "cleared the lock"])),
        new Examined(new VerificationFacts(Seen.New, Seen.Vm(), null, 3, Seen.Healthy, [s_why])),
        new Examined(new VerificationFacts(Seen.New, Seen.Vm(), Seen.Guest(Seen.Old) with { Kernel = "6.1.0", Reboot = "new kernel", Vm = "vm-1", Packages = new Dictionary<string, string> { ["openssl"] = "3.0.1" }, Scripts = [new ScriptOutput("disk", 0, "12 %")], HostKey = "SHA256:abc" }, 3, Seen.Healthy, [])),
        new Rejoined(Seen.Balancer),
        new PoweredOff(Seen.Vm("vm-2") with { Power = VmPower.Off }),
        new Watched([s_why], [Seen.Serving(Seen.B)], 7),
        new Failed(s_why, true),
    ];
}
