using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>Why a rebuild is not begun, or was not one.</summary>
internal static class Refusals
{
    public static AdapterException Unfinished(Member member, StackView view, string stack) => new(new Reason(
        "operations-pending",
        $"{member.Id}: an earlier update of stack {stack} was interrupted, and no end is known of: {string.Join(", ", view.State.Pending)}. Nothing was changed",
        $"look in the cloud what became of it; then pulumi refresh --clear-pending-creates --target {view.State.Pending[0].Urn} --stack {stack}"));

    public static AdapterException Stale(Member member, string why) =>
        new(new Reason("preview-stale", $"{member.Id}: {why}. Nothing was changed", "preview again"));

    public static AdapterException Failed(Member member, IReadOnlyList<string> faults, string kept) => new(new Reason(
        "rebuild-failed",
        $"{member.Id}: {string.Join("; ", faults)} ({kept})",
        "what it left is observed; then it is rebuilt again"));

    public static AdapterException Of(Member member, AdapterException failure) =>
        failure.Reason.Text.Contains(member.Id.ToString(), StringComparison.Ordinal)
            ? failure
            : new(failure.Reason with { Text = $"{member.Id}: {failure.Reason.Text}" }, failure);
}
