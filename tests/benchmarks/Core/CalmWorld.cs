using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Benchmarks.Core;

/// <summary>A world in which every intent succeeds after the time that it usually takes.</summary>
internal static class CalmWorld
{
    public static readonly DateTimeOffset Start = new(2026, 11, 3, 2, 0, 0, TimeSpan.Zero);
    public static readonly ImageRef Old = new("web", "2026.10.1", "sha256:" + new string('a', 64));
    public static readonly GoldenImage New = new(new ImageRef("web", "2026.11.1", "sha256:" + new string('b', 64)), Start.AddDays(-1), [], "web-template");

    private static readonly VmFacts s_before = new(new VmIdentity("old", "old"), Old.Label, VmPower.On, "on", Start);
    private static readonly VmFacts s_after = new(new VmIdentity("new", "new"), New.Ref.Label, VmPower.On, "on", Start);
    private static readonly GuestFacts s_guestBefore = new(Old, "machine-1", Start.AddDays(-30), [], Start);
    private static readonly GuestFacts s_guestAfter = new(New.Ref, "machine-2", Start, [], Start);

    public static MemberFacts Serving(MemberId member, DateTimeOffset at) =>
        new(member, Balancer(at), new ProbeFacts(true, "200", at), s_before, s_guestBefore, []);

    /// <summary>When an intent ends, and how; null for a watch, which is withdrawn.</summary>
    public static (DateTimeOffset At, Outcome Outcome)? Carry(Intent intent, MemberId peer, DateTimeOffset now) => intent switch
    {
        Observe observe => (Later(now, observe.NotBefore).AddSeconds(0.1), new Observed(Facts(intent.Member, peer, Later(now, observe.NotBefore)))),
        Drain => (now.AddSeconds(20), new Drained(Facts(intent.Member, peer, now), Balancer(now) with { Rotation = Rotation.Out }, 0)),
        Preview => (now.AddSeconds(5), new Previewed(new RebuildPreview(intent.Id, [new PlannedStep(PlannedOperation.Replace, PlannedSubject.MemberVm, "vm", "replace")], s_before))),
        Rebuild => (now.AddSeconds(90), new Rebuilt(s_after)),
        Verify => (now.AddSeconds(30), new Examined(new VerificationFacts(New, s_after, s_guestAfter, 3, new ProbeFacts(true, "200", now), []))),
        Rejoin => (now.AddSeconds(10), new Rejoined(Balancer(now))),
        Soak soak => (soak.Until, new Watched([], [], 30)),
        Bake bake => (bake.Until, new Watched([], [], 30)),
        _ => null,
    };

    private static PairFacts Facts(MemberId member, MemberId peer, DateTimeOffset at) => new(Serving(member, at), Serving(peer, at), null);

    private static BalancerFacts Balancer(DateTimeOffset at) => new(Rotation.In, BalancerHealth.Up, 0, true, new Endpoint("10.0.0.1", 80), "UP", at);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
