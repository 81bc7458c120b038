using Refresh.Workflows.Facts;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Engine.Effects;

/// <summary>Probes a rebuilt VM until it was healthy often enough in a row, then reads what it is; goes on until it is proved, disproved, or the time is up.</summary>
internal sealed class VerifyEffect(RunPorts ports)
{
    // Waiting does not make these true.
    private static readonly string[] s_disproofs = ["vm-not-new", "guest-not-new", "vm-wrong-image", "guest-wrong-image", "guest-contradicts-vm", "guest-wrong-packages"];

    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(10);

    public async Task<Outcome> CarryOutAsync(Verify intent, EffectContext context, CancellationToken cancellation)
    {
        var expected = await ExpectedAsync(intent, context, cancellation);
        var facts = new VerificationFacts(expected, null, null, 0, null, []);
        var member = context.Member(intent.Member);
        var policy = context.Policy.Verify;
        try
        {
            while (true)
            {
                var probe = await ports.Probe.ProbeAsync(member, cancellation);
                facts = facts with { Probe = probe, Passes = probe.Healthy ? facts.Passes + 1 : 0 };
                context.Progress.Report(probe.Healthy ? $"healthy {facts.Passes} of {policy.Passes}" : probe.Detail);
                if (facts.Passes >= policy.Passes)
                {
                    facts = await IdentifyAsync(member, facts, cancellation);
                    var verdict = VerificationRule.Judge(member.Id, facts, intent.VmBefore, intent.GuestBefore, policy.Passes);
                    if (verdict.Allowed || verdict.Refusals.Any(reason => s_disproofs.Contains(reason.Code)))
                        return new Examined(facts);
                }

                await Task.Delay(policy.Interval, ports.Clock, cancellation);
            }
        }
        catch (OperationCanceledException) when (!context.Withdrawn.IsCancellationRequested)
        {
            // The time is up: what was seen last says why it is not proved, and so does what the VM and its guest are.
            using var bound = new CancellationTokenSource(s_lastLook, ports.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.Withdrawn, bound.Token);
            return new Examined(facts.Vm is null ? await IdentifyAsync(member, facts, either.Token) : facts);
        }
    }

    /// <summary>What the catalogue has; one that is away is asked again until the time is up.</summary>
    private Task<GoldenImage> ExpectedAsync(Verify intent, EffectContext context, CancellationToken cancellation) =>
        Insistence.UntilAsync(intent.Deadline, context.Policy.Verify.Interval, context, ports.Clock, () => ports.Images.FindAsync(intent.Image.Name, intent.Image.Version, cancellation), cancellation);

    private async Task<VerificationFacts> IdentifyAsync(Workflows.Fleets.Member member, VerificationFacts facts, CancellationToken cancellation)
    {
        var unread = new List<Reason>();
        var vm = await Observer.ReadAsync(() => ports.Provisioner.ObserveAsync(member, cancellation), unread);
        var guest = await Observer.ReadAsync(() => ports.Identity.ReadAsync(member, cancellation), unread);
        return facts with { Vm = vm, Guest = guest, Unread = unread, Packages = await PackagesAsync(guest, facts, unread, cancellation) };
    }

    private async Task<IReadOnlyList<PackageFacts>?> PackagesAsync(GuestFacts? guest, VerificationFacts before, List<Reason> unread, CancellationToken cancellation)
    {
        if (guest?.Packages is not { Count: > 0 } named)
            return null;
        // A list may be large and does not change: it is read once for the same names.
        if (before is { Packages: { } known, Guest.Packages: { } asked } && asked.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(named.Keys))
            return known;
        var policy = new ImagePolicy { Packages = [.. named.Keys.Select(name => new RequiredPackage(name, string.Empty))] };
        var image = await Observer.ReadAsync(() => ports.Images.InspectAsync(before.Expected.Ref, [policy], cancellation), unread);
        var faults = image?.Faults.Where(fault => fault.Gate == GateNames.Packages).Select(fault => fault.Why).ToList() ?? [];
        unread.AddRange(faults);
        return faults.Count == 0 ? image?.Packages : null;
    }
}
