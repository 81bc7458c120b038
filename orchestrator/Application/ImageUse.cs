using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application;

/// <summary>A member and the image that it was seen to run last.</summary>
/// <param name="Fleet">Its fleet.</param>
/// <param name="Member">The member.</param>
/// <param name="Image">The image, <c>name@version</c>.</param>
/// <param name="Run">The run that saw it.</param>
/// <param name="AsOf">When that run wrote its last entry.</param>
public sealed record UsedImage(string Fleet, MemberId Member, string Image, string Run, DateTimeOffset AsOf)
{
    /// <summary>The digest of its content; null where only its name was seen.</summary>
    public string? Digest { get; init; }

    /// <summary>Whether it is an image, or its content under another name.</summary>
    /// <param name="image">The image.</param>
    /// <returns>True if so.</returns>
    public bool Is(ImageRef image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Image == image.Label || Digest == image.Digest;
    }
}

/// <summary>Where images run, by what the runs of a journal have seen.</summary>
public static class ImageUse
{
    private const int RunsToRead = 5;

    /// <summary>Reads the last runs of every fleet: of each member, what was seen last. A member whose last rebuild is not proved is left out, since what older runs saw is gone.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Members by fleet and name.</returns>
    public static async Task<IReadOnlyList<UsedImage>> ReadAsync(IRunJournal journal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var seen = new Dictionary<(string, MemberId), UsedImage?>();
        foreach (var fleet in (await journal.RunsAsync(null, int.MaxValue, cancellation)).GroupBy(head => head.Fleet))
        {
            foreach (var head in fleet.OrderByDescending(head => head.UpdatedAt).Take(RunsToRead))
            {
                if (await RunHistory.TryReadAsync(journal, head.Run, cancellation) is not { Run: var run })
                    continue;
                foreach (var member in MemberImages.Of(run).Where(member => member.Image is not null || member.Unproved))
                    seen.TryAdd((fleet.Key, member.Member), member.Image is { } image ? new UsedImage(fleet.Key, member.Member, image, run.Id, run.UpdatedAt) { Digest = member.Digest } : null);
            }
        }

        return [.. seen.Values.OfType<UsedImage>().OrderBy(used => used.Fleet, StringComparer.Ordinal).ThenBy(used => used.Member.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The runs to an image, or to its content under another name, that are not at their end.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The runs.</returns>
    public static async Task<IReadOnlyList<Run>> UnfinishedAsync(IRunJournal journal, ImageRef image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var runs = new List<Run>();
        foreach (var head in (await journal.RunsAsync(null, int.MaxValue, cancellation)).Where(head => !head.Finished))
        {
            if (await RunHistory.TryReadAsync(journal, head.Run, cancellation) is { Run: var run } && run.Image.Ref.SharesWith(image))
                runs.Add(run);
        }

        return runs;
    }
}
