using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>Which image each member was last seen to run, by the journal of a run.</summary>
public static class MemberImages
{
    /// <summary>The members, in the order of the plan.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Each member with the image that its guest named last, <c>name@version</c>; null where none was seen.</returns>
    public static IReadOnlyList<MemberImage> Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. run.Plan.Pairs().Concat(run.Plan.Skipped).SelectMany(pair => pair.Members).Select(planned => Of(run, planned))];
    }

    /// <summary>Those that were last seen to run an image, or its content under another name.</summary>
    /// <param name="run">The run.</param>
    /// <param name="image">The image.</param>
    /// <returns>The members.</returns>
    public static IReadOnlyList<MemberId> Of(Run run, ImageRef image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return [.. Of(run).Where(seen => seen.Runs(image)).Select(seen => seen.Member)];
    }

    // A proof is of the latest rebuild; a rebuild that was not proved leaves unknown what the member runs.
    private static MemberImage Of(Run run, PlannedMember planned)
    {
        var member = run.Get(planned.Id);
        var guest = member.Touched ? member.Proof?.Guest : member.Before?.Guest;
        return new MemberImage(planned.Id, guest?.Image.Label ?? (member.Touched ? null : planned.Runs), guest?.Image.Digest) { Unproved = member.Touched && guest is null };
    }
}

/// <summary>The image of a member.</summary>
/// <param name="Member">The member.</param>
/// <param name="Image">The image that its guest named last, <c>name@version</c>; null where none was seen.</param>
/// <param name="Digest">The digest of its content, by the guest; null where that was not seen.</param>
public sealed record MemberImage(MemberId Member, string? Image, string? Digest = null)
{
    /// <summary>Whether the run has begun a rebuild and not proved it: what was seen before says nothing any more.</summary>
    public bool Unproved { get; init; }

    /// <summary>Whether it runs an image, or its content under another name.</summary>
    /// <param name="image">The image.</param>
    /// <returns>True if so.</returns>
    public bool Runs(ImageRef image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Image == image.Label || Digest == image.Digest;
    }
}
