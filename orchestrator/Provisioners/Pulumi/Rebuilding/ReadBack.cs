using System.Globalization;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>Reads back what an update did: exit code and state must both say that exactly the rebuild happened.</summary>
internal static class ReadBack
{
    /// <summary>All that is not as it should be; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(StackView before, StackView after, string image, string? rule, Completion up, UpProgress heard) =>
        [.. Exit(up, heard), .. Vm(before, after, image), .. Others(before, after, rule)];

    /// <summary>Whether an update left the VM, and all that is known of it, as it was.</summary>
    public static bool NothingDone(StackView before, StackView after) =>
        after.State.Pending.Count == 0 && after.Vm.Identity == before.Vm.Identity && after.Vm.Resource?.PendingReplacement == before.Vm.Resource?.PendingReplacement;

    private static IEnumerable<string> Exit(Completion up, UpProgress heard)
    {
        if (!up.Succeeded)
            yield return string.Create(CultureInfo.InvariantCulture, $"pulumi up ended with exit code {up.ExitCode}: {Failures.Words(heard.Errors.Count > 0 ? string.Join('\n', heard.Errors) : up.Said)}");
    }

    private static IEnumerable<string> Vm(StackView before, StackView after, string image)
    {
        var vm = after.Vm;
        if (vm.Pending.Count > 0)
            yield return $"no end is known of: {string.Join(", ", vm.Pending)}";
        if (vm.Resource is { InitErrors.Count: > 0 })
            yield return $"the new VM never came up: {vm.Errors}";
        if (vm.Identity is null)
            yield return before.Vm.Identity is null ? "there is still no VM" : "the old VM is gone and no new one is there";
        else if (vm.Identity == before.Vm.Identity)
            yield return $"the VM is still {vm.Identity}";
        else if (vm.Image != image)
            yield return $"the new VM was made from {vm.Image ?? "an image that is not known"}, not from {image}";
    }

    private static IEnumerable<string> Others(StackView before, StackView after, string? rule)
    {
        if (after.Peer.Identity != before.Peer.Identity)
            yield return $"the PEER is another VM now: {after.Peer.Identity?.ToString() ?? "none"}, and was {before.Peer.Identity?.ToString() ?? "none"}";
        if (rule is not null && after.State.Find(rule) is null)
            yield return $"the rule that keeps the two VMs apart is gone ({Urns.Name(rule)})";
    }
}
