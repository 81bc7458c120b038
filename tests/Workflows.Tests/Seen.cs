using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;

namespace Refresh.Workflows.Tests;

/// <summary>Facts of members that serve, and of one fleet; a test changes what it is about.</summary>
internal static class Seen
{
    public static readonly DateTimeOffset At = new(2026, 11, 3, 2, 0, 0, TimeSpan.Zero);
    public static readonly ImageRef Old = new("web", "2026.10.1", "sha256:" + new string('a', 64));
    public static readonly GoldenImage New = new(new ImageRef("web", "2026.11.1", "sha256:" + new string('b', 64)), At.AddDays(-1), ["CVE-2026-1"], "web-template");
    public static readonly MemberId A = new("web-1", "a");
    public static readonly MemberId B = new("web-1", "b");

    public static BalancerFacts Balancer => new(Rotation.In, BalancerHealth.Up, 0, true, new Endpoint("10.0.0.1", 8080), "UP 1/1", At);

    public static ProbeFacts Healthy => new(true, "200", At);

    public static GuestFacts Guest(ImageRef image, string machine = "machine-1") => new(image, machine, At.AddDays(-30), [], At);

    public static VmFacts Vm(string id = "vm-1", string? image = null) => new(new VmIdentity(id, id), image ?? Old.Label, VmPower.On, "on", At);

    public static MemberFacts Serving(MemberId id, ImageRef? image = null) => new(id, Balancer, Healthy, Vm(), Guest(image ?? Old), []);

    public static MemberFacts Down(MemberId id) =>
        Serving(id) with { Balancer = Balancer with { Health = BalancerHealth.Down }, Probe = new ProbeFacts(false, "no answer", At) };

    /// <summary>The pair of A and B, both at host names, which are not compared with what a balancer says.</summary>
    public static Pair ThePair { get; } = Fleet(1).Pairs[0];

    public static PairFacts Pair(MemberId member, MemberId peer) => new(Serving(member), Serving(peer), null);

    public static RebuildPreview Preview(MemberId member, params PlannedStep[] steps) =>
        new("plan-1", steps.Length > 0 ? steps : [new(PlannedOperation.Replace, PlannedSubject.MemberVm, $"vm of {member}", "replace")], Vm());

    public static Fleet Fleet(int pairs, RefreshPolicy? policy = null) => new(
        "shop",
        [.. Enumerable.Range(1, pairs).Select(number => new Pair(
            $"web-{number}",
            new Member(new MemberId($"web-{number}", "a"), new Endpoint($"web-{number}-a.example", 8080)),
            new Member(new MemberId($"web-{number}", "b"), new Endpoint($"web-{number}-b.example", 8080))))],
        policy ?? new RefreshPolicy());
}
