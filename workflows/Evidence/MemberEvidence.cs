using Refresh.Workflows.Machines;

namespace Refresh.Workflows.Evidence;

/// <summary>One row of the table at the end of a run: a member before and after, and what proves it.</summary>
/// <param name="Member">The member, <c>pair/member</c>.</param>
/// <param name="Result">What became of it, in a few words.</param>
/// <param name="Before">The image and the VM before.</param>
/// <param name="After">The image and the VM after; what is there instead where there is no proof.</param>
/// <param name="Evidence">What proves it: the new VM, patches, healthy probes.</param>
/// <param name="Away">How long it was out of rotation by our doing: <c>never</c>, or a duration.</param>
public sealed record MemberEvidence(string Member, string Result, string Before, string After, string Evidence, string Away)
{
    /// <summary>Makes the row of a member.</summary>
    /// <param name="member">The member's report.</param>
    /// <param name="asOf">The instant up to which an absence that goes on is counted.</param>
    /// <returns>The row.</returns>
    public static MemberEvidence Of(MemberReport member, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new MemberEvidence(
            member.Id.ToString(),
            ResultOf(member),
            member.Before is { } before ? Short(before) : member.Ran ?? "not seen",
            member.After is { } after ? Short(after) : member.Touched ? "not proved" : "as it was",
            string.Join(", ", Proofs(member)),
            AwayOf(member, asOf));
    }

    /// <summary>The row as one line.</summary>
    public override string ToString() =>
        $"{Member}: {Before} -> {After}; {Result}{(Evidence.Length > 0 ? $"; {Evidence}" : string.Empty)}; out of rotation: {Away}";

    private static string ResultOf(MemberReport member) => member.State switch
    {
        MemberState.Refreshed => member.PoweredOff ? "refreshed, off again" : "refreshed",
        MemberState.Current => "current already",
        MemberState.Left => "left as it was",
        MemberState.Reverted => "back on its recorded image",
        MemberState.Failed => member.Out ? "failed, still out of rotation" : "failed",
        MemberState.Pending => member.Planned ? "not begun" : "nothing to do",
        var step => step.ToString().ToLowerInvariant(),
    };

    private static string AwayOf(MemberReport member, DateTimeOffset asOf)
    {
        if (member.Absences.Count == 0)
            return "never";
        var total = member.Absences.Aggregate(TimeSpan.Zero, (sum, absence) => sum + absence.Duration(asOf));
        return $"{Durations.InWords(total)}{(member.Out ? " so far" : string.Empty)}";
    }

    private static string Short(Snapshot snapshot) =>
        snapshot.Vm is { } vm ? $"{snapshot.Label} on VM {Short(vm)}" : $"{snapshot.Label}, VM not seen";

    // The whole identity is in the report's evidence; its handle tells machines apart in a line.
    private static string Short(string vm) => vm.IndexOf('(', StringComparison.Ordinal) is > 0 and var at ? vm[(at + 1)..^1] : vm;

    private static IEnumerable<string> Proofs(MemberReport member)
    {
        if (member.After is not { } after)
            yield break;
        if (!member.Proved)
            yield return "not proved";
        if (member.Before is { } before && before.Vm != after.Vm)
            yield return "new VM";
        if (member.Before is { MachineId: { } old } && after.MachineId is { } machine && machine != old)
            yield return "new machine id";
        if (member.PatchesGained.Count > 0)
            yield return $"{member.PatchesGained.Count} patches gained";
        if (member.PatchesLost.Count > 0)
            yield return $"{member.PatchesLost.Count} patches lost";
        if (member.Proofs is [.., { } proof])
            yield return $"healthy {proof.Passes} times in a row";
    }
}
