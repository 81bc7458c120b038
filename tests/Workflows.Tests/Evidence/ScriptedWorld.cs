using System.Globalization;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Evidence;

/// <summary>A fleet in memory that does what is asked of it, in virtual time.</summary>
internal sealed class ScriptedWorld
{
    public static readonly ImageRef Old = new("web", "2026.10.1", "sha256:" + new string('a', 64));
    public static readonly ImageRef New = new("web", "2026.11.2", "sha256:" + new string('b', 64));
    private static readonly string[] s_oldPatches = ["CVE-2026-0001"];
    private static readonly string[] s_newPatches = ["CVE-2026-0001", "CVE-2026-1234", "CVE-2026-2345"];
    private readonly Dictionary<MemberId, (ImageRef Image, int Vm, DateTimeOffset BootedAt, Rotation Rotation)> _members = [];
    private int _vms = 100;

    public ScriptedWorld(Fleet fleet, DateTimeOffset at)
    {
        foreach (var member in fleet.Members())
            _members[member.Id] = (Old, ++_vms, at.AddDays(-30), Rotation.In);
    }

    public static GoldenImage Image { get; } = new(New, new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero), s_newPatches, "/images/web-2026.11.2");

    public static IReadOnlyList<string> PatchesOf(ImageRef image) => image == New ? s_newPatches : s_oldPatches;

    public MemberFacts Facts(MemberId id, DateTimeOffset at) => new(id, Balancer(id, at), Probe(at), Vm(id, at), Guest(id, at), []);

    /// <summary>What an intent comes to when nothing goes wrong.</summary>
    public Outcome CarryOut(Intent intent, PairFacts facts, DateTimeOffset at)
    {
        var id = intent.Member;
        switch (intent)
        {
            case Observe:
                return new Observed(facts);
            case Drain:
                _members[id] = _members[id] with { Rotation = Rotation.Out };
                return new Drained(facts, Balancer(id, at), 0);
            case Preview:
                return new Previewed(new RebuildPreview("plan", [new PlannedStep(PlannedOperation.Replace, PlannedSubject.MemberVm, $"vm:{id}", "image")], Vm(id, at)));
            case Rebuild rebuild:
                _members[id] = _members[id] with { Image = rebuild.Image, Vm = ++_vms, BootedAt = at };
                return new Rebuilt(Vm(id, at));
            case Recover recover:
                var happened = Vm(id, at).Identity != recover.Before.Identity;
                return new Recovered(new RebuildRecovery(happened ? RebuildFate.Happened : RebuildFate.Untouched, Vm(id, at), ["looked for a lock: none", "looked at the VM"]));
            case Verify verify:
                var expected = verify.Image == New ? Image : new GoldenImage(verify.Image, at, PatchesOf(verify.Image), "/images/old");
                return new Examined(new VerificationFacts(expected, Vm(id, at), Guest(id, at), 3, Probe(at), []));
            case Rejoin:
                _members[id] = _members[id] with { Rotation = Rotation.In };
                return new Rejoined(Balancer(id, at));
            default:
                return new Watched([], [facts.Member, facts.Peer], 10);
        }
    }

    public VmFacts Vm(MemberId id, DateTimeOffset at)
    {
        var (image, vm, _, _) = _members[id];
        var name = string.Create(CultureInfo.InvariantCulture, $"vm-{vm}");
        return new VmFacts(new VmIdentity(name, name), image.Label, VmPower.On, "poweredOn", at);
    }

    private static ProbeFacts Probe(DateTimeOffset at) => new(true, "GET /health: 200 OK", at);

    private BalancerFacts Balancer(MemberId id, DateTimeOffset at)
    {
        var rotation = _members[id].Rotation;
        return new BalancerFacts(rotation, BalancerHealth.Up, 0, true, new Endpoint("127.0.0.1", 8080), rotation == Rotation.In ? "UP, weight 100" : "MAINT", at);
    }

    private GuestFacts Guest(MemberId id, DateTimeOffset at)
    {
        var (image, vm, booted, _) = _members[id];
        return new GuestFacts(image, string.Create(CultureInfo.InvariantCulture, $"{vm:x32}"), booted, PatchesOf(image), at);
    }
}
