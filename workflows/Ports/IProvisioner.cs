using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Ports;

/// <summary>What replaces VMs. It never acts on any VM but the one of the member it is given (promise 7).</summary>
public interface IProvisioner
{
    /// <summary>Looks whether every member's VM can be observed and rebuilt. Changes nothing.</summary>
    /// <param name="members">The members of a fleet.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>All that is wrong; empty when nothing is.</returns>
    Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation);

    /// <summary>Reads which VM a member has, and from which image it was made.</summary>
    /// <param name="member">The member.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What the provisioner says; a missing VM is an answer, not an error.</returns>
    /// <exception cref="AdapterException">The provisioner cannot be read.</exception>
    Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation);

    /// <summary>Says what a rebuild would change. Changes nothing.</summary>
    /// <param name="member">The member to rebuild.</param>
    /// <param name="image">The image to rebuild it from.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Every step, for the plan guard.</returns>
    /// <exception cref="AdapterException">The preview failed. With the code <see cref="RebuildPreview.StateDamaged"/> what the provisioner knows of the member cannot be read, and <see cref="RecoverAsync"/> may mend it.</exception>
    Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation);

    /// <summary>Carries out exactly what was previewed, and reads back what came of it.</summary>
    /// <param name="member">The member to rebuild.</param>
    /// <param name="image">The image to rebuild it from.</param>
    /// <param name="preview">The preview that the plan guard let pass.</param>
    /// <param name="fence">Is asked immediately before each command that changes something; it throws when the fleet is no longer ours, and then nothing more is done.</param>
    /// <param name="progress">Is told in words what is going on.</param>
    /// <param name="cancellation">Ends the rebuild; what it left is told by <see cref="RecoverAsync"/>.</param>
    /// <returns>The VM that is there afterwards.</returns>
    /// <exception cref="AdapterException">The rebuild failed; what it left is told by <see cref="RecoverAsync"/>.</exception>
    Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation);

    /// <summary>
    /// After an interrupted or failed rebuild, or a preview that could not read what is known of the member: observes what became of it, waits for what still goes on, and clears what
    /// stands in the way of another try (a stale lock, a half-made VM of that member). Never rebuilds, never touches the peer.
    /// It needs no image catalogue, and is called again, after a pause, until it answers or its time is up.
    /// </summary>
    /// <param name="member">The member whose rebuild was interrupted.</param>
    /// <param name="before">The VM that it had before.</param>
    /// <param name="image">The image that it was being rebuilt from.</param>
    /// <param name="fence">Is asked immediately before each command that changes something; it throws when the fleet is no longer ours, and then nothing more is done.</param>
    /// <param name="progress">Is told each rung with its evidence, and what is waited for, in words that stay the same while it is the same: all of it is journaled as it comes.</param>
    /// <param name="cancellation">Ends the recovery.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="AdapterException">It cannot be told, or only a person may go on.</exception>
    Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation);

    /// <summary>Powers a member's VM off, and reads back that it is; one that is off already is left alone.</summary>
    /// <param name="member">The member.</param>
    /// <param name="vm">The VM that is meant; no other is touched.</param>
    /// <param name="progress">Is told in words what is going on.</param>
    /// <param name="cancellation">Ends the wait; the same may be asked again.</param>
    /// <returns>The VM as it is afterwards.</returns>
    /// <exception cref="AdapterException">The member has another VM, or it cannot be powered off through this provisioner.</exception>
    Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation);
}

/// <summary>What a planned step does to its subject.</summary>
public enum PlannedOperation
{
    /// <summary>Nothing, or only reads.</summary>
    Keep,

    /// <summary>Makes something that is not there.</summary>
    Create,

    /// <summary>Changes something in place.</summary>
    Update,

    /// <summary>Deletes something.</summary>
    Delete,

    /// <summary>Deletes something and makes it anew.</summary>
    Replace,

    /// <summary>None of these, or unknown: always refused.</summary>
    Other,
}

/// <summary>What a planned step acts on.</summary>
public enum PlannedSubject
{
    /// <summary>The VM of the member that is to be rebuilt.</summary>
    MemberVm,

    /// <summary>The rule that keeps the two VMs of a pair on different hosts.</summary>
    AntiAffinityRule,

    /// <summary>The VM of the peer.</summary>
    PeerVm,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>One step of a preview.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Subject">What it acts on.</param>
/// <param name="Resource">The provisioner's name of it, for example a URN.</param>
/// <param name="Detail">The provisioner's own word for the step, and why.</param>
public sealed record PlannedStep(PlannedOperation Operation, PlannedSubject Subject, string Resource, string Detail);

/// <summary>What a rebuild would change.</summary>
/// <param name="Token">The provisioner's handle of the saved plan.</param>
/// <param name="Steps">Every step, in order.</param>
/// <param name="Before">The VM as it is now.</param>
public sealed record RebuildPreview(string Token, IReadOnlyList<PlannedStep> Steps, VmFacts Before)
{
    /// <summary>The code of a failure: what the provisioner has written down of a member does not load.</summary>
    public const string StateDamaged = "state-damaged";

    /// <summary>What was kept before anything is changed, for the evidence; null if nothing was.</summary>
    public IReadOnlyList<KeptFile>? Kept { get; init; }
}

/// <summary>A file that was kept as evidence.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Digest">Its digest, <c>sha256:</c> and 64 hexadecimal digits.</param>
public sealed record KeptFile(string Path, string Digest);

/// <summary>What became of an interrupted rebuild.</summary>
public enum RebuildFate
{
    /// <summary>The VM is another one now: the rebuild happened.</summary>
    Happened,

    /// <summary>The old VM is untouched and runs: the rebuild may be tried again, or the member may rejoin.</summary>
    Untouched,

    /// <summary>The old VM is gone or off and no new one is there: the rebuild may be tried again.</summary>
    Gone,
}

/// <summary>What became of an interrupted rebuild, and the evidence.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Vm">The VM as it is now.</param>
/// <param name="Rungs">What was looked at and cleared, in order.</param>
public sealed record RebuildRecovery(RebuildFate Fate, VmFacts Vm, IReadOnlyList<string> Rungs);
