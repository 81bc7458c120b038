using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Workflows.Facts;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>One member's VM as a state shows it: from its resource, never from an output that echoes configuration.</summary>
/// <param name="Contract">The member.</param>
/// <param name="Resource">Its resource; null where the state has none.</param>
/// <param name="Properties">Where in it what is read stands.</param>
/// <param name="Pending">Operations on it of which no end is known.</param>
internal sealed record MemberVm(ContractMember Contract, StateResource? Resource, VmProperties Properties, IReadOnlyList<PendingOperation> Pending)
{
    private static readonly string[] s_running = ["on", "running", "poweredOn", "started", "active"];

    public static MemberVm Of(StackContract contract, ContractMember member, StackState state) =>
        new(member, state.Find(member.Urn), contract.Properties, [.. state.Pending.Where(pending => pending.Urn == member.Urn)]);

    /// <summary>Whether there is a VM: one that was deleted to be replaced stays in the state until its successor is there.</summary>
    public bool Exists => Resource is { PendingReplacement: false, Id: not null };

    public VmIdentity? Identity => Exists ? new(Resource!.Id!, Property(Properties.Handle) ?? Resource.Id!) : null;

    /// <summary>What it was made from; null for one that was imported.</summary>
    public string? Image => Exists ? Property(Properties.Image) : null;

    /// <summary>Whether it was made and did not come up, or was only found and taken in: an update would adopt it as it is.</summary>
    public bool IsHalfMade => Exists && (Resource!.InitErrors.Count > 0 || Image is null);

    /// <summary>The same in words.</summary>
    public string HalfMade => Resource is { InitErrors.Count: > 0 }
        ? $"a new VM was made, {Identity}, and never came up: {Errors}"
        : $"{Identity} was only found and taken into the state: what it was made from is not known";

    /// <summary>Why it was created and did not come up, in words.</summary>
    public string Errors => string.Join(", ", Resource?.InitErrors.Select(error => error.Trim()) ?? []);

    /// <summary>Whether a rebuild must be forced, since nothing that Pulumi knows of asks for it.</summary>
    public bool MustBeForced(string image) => Exists && (IsHalfMade || Image == image);

    /// <summary>Whether its resource lacks the second identity that the outputs give.</summary>
    public bool LacksHandle => Exists && Contract.HasHandle && Property(Properties.Handle) is null;

    public VmFacts Facts(DateTimeOffset at) => new(Identity, Image, Power, Detail, at);

    private VmPower Power =>
        Pending.Count > 0 ? VmPower.Changing
        : !Exists ? VmPower.Missing
        : Property(Properties.Power) is { } told && !s_running.Contains(told, StringComparer.OrdinalIgnoreCase) ? VmPower.Off
        : VmPower.On;

    private string Detail => string.Join("; ", Details());

    private string? Property(string path) => Resource?.Outputs.At(path);

    private IEnumerable<string> Details()
    {
        var name = Urns.Name(Contract.Urn);
        yield return Resource is null ? $"the stack has no {name}"
            : Resource.PendingReplacement ? $"{name} was deleted, and its replacement is not there"
            : $"{name}: {Identity}, from {Image ?? "an image that is not known"}, power {Property(Properties.Power) ?? "not told"}";
        if (Exists && Resource!.InitErrors.Count > 0)
            yield return $"it never came up: {Errors}";
        if (Pending.Count > 0)
            yield return $"no end is known of: {string.Join(", ", Pending)}";
    }
}
