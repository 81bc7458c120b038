using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Reports;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Compares a fleet file with the world, all checks at once. Changes nothing.</summary>
internal sealed class FleetDoctor(FleetDefinition definition, ImageChoice image, RunPorts ports, IReadOnlyList<string> unknown, TimeSpan timeout)
{
    private readonly Bounded _bounded = new(timeout, ports.Clock);
    private readonly IReadOnlyList<Member> _members = [.. definition.Fleet.Members()];
    private GoldenImage? _golden;
    private Run? _unfinished;

    public async Task<Examination> ExamineAsync(CancellationToken cancellation)
    {
        var runs = _bounded.CheckAsync("runs", RunsAsync, cancellation);
        var golden = _bounded.CheckAsync("image", ImageAsync, cancellation);
        var balancer = _bounded.CheckAsync("balancer", async token => Wrong("balancer", await ports.Balancer.CheckAsync(_members, token), unknown), cancellation);
        var provisioner = _bounded.CheckAsync("provisioner", async token => Wrong("provisioner", await ports.Provisioner.CheckAsync(_members, token), []), cancellation);
        var observing = MemberCheck.ObserveAsync(definition.Fleet, ports, timeout, cancellation);
        var windows = _bounded.CheckAsync("windows", async token => WindowCheck.Look(await FleetWindows.LookAsync(definition, ports.Clock, token)), cancellation);
        await Task.WhenAll(runs, golden, balancer, provisioner, windows, observing);

        var seen = await observing;
        var now = ports.Clock.GetUtcNow();
        var clock = await _bounded.CheckAsync("clock", async token => ClockCheck.Look(now, await LastEntryAsync(token), _golden, seen.Values), cancellation);
        var told = (await balancer).Concat(await provisioner).Any(finding => finding.Level == FindingLevel.Wrong);
        return new Examination(
            [.. await runs, .. clock, .. await golden, .. Needed(seen), .. await windows, .. await balancer, .. await provisioner, .. MemberCheck.Look(definition.Fleet, _unfinished, seen, told, now)],
            [.. _members.Select(member => seen[member.Id])]);
    }

    private async Task<IReadOnlyList<Finding>> RunsAsync(CancellationToken cancellation)
    {
        var head = (await ports.Journal.RunsAsync(definition.Fleet.Name, int.MaxValue, cancellation)).FirstOrDefault(head => !head.Finished);
        _unfinished = head is null ? null : (await RunHistory.ReadAsync(ports.Journal, head.Run, cancellation)).Run;
        return await JournalCheck.RunsAsync(ports.Journal, definition.Fleet.Name, _unfinished, cancellation);
    }

    private async Task<IReadOnlyList<Finding>> ImageAsync(CancellationToken cancellation)
    {
        _golden = await ports.Images.FindAsync(image.Name, image.Version, cancellation);
        var policies = await ImageTrust.PoliciesAsync(definition.Images, cancellation);
        var (gates, _) = await ImageTrust.JudgeAsync(_golden.Ref, policies, [], ports.Images, ports.Clock.GetUtcNow(), cancellation);
        return
        [
            Finding.Ok("image", $"{_golden.Ref} was built {Instants.Full(_golden.BuiltAt)}, and its content is what its digest says"),
            .. GateLines.Of(gates).Where(line => !line.Bad).Select(line => Finding.Ok("image", line.Text)),
            .. gates.Refusals.Select(refusal => Finding.Wrong("image", refusal)),
        ];
    }

    private IEnumerable<Finding> Needed(IReadOnlyDictionary<MemberId, MemberFacts> seen)
    {
        if (_golden is not null && seen.Values.All(member => member.Serves && member.Guest?.Image == _golden.Ref))
            yield return Finding.Ok("image", $"every member runs {_golden.Ref.Label} already: a run would have nothing to do");
    }

    private async Task<DateTimeOffset?> LastEntryAsync(CancellationToken cancellation) =>
        (await ports.Journal.RunsAsync(null, int.MaxValue, cancellation)).Select(head => (DateTimeOffset?)head.UpdatedAt).Max();

    private IReadOnlyList<Finding> Wrong(string check, IReadOnlyList<Reason> reasons, IReadOnlyList<string> unknown) => reasons.Count == 0
        ? [Finding.Ok(check, unknown.Count > 0 ? string.Join(" ", unknown).TrimEnd('.') : $"it answers, and knows all {_members.Count} members")]
        : [.. reasons.Select(reason => Finding.Wrong(check, reason))];
}

/// <summary>What an examination found.</summary>
/// <param name="Findings">The findings, check by check.</param>
/// <param name="Members">What was seen of each member.</param>
internal sealed record Examination(IReadOnlyList<Finding> Findings, IReadOnlyList<MemberFacts> Members);
