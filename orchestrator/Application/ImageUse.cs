using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Application;

/// <summary>A member and the image that it was seen to run last.</summary>
/// <param name="Fleet">Its fleet.</param>
/// <param name="Member">The member.</param>
/// <param name="Image">The image, <c>name@version</c>.</param>
/// <param name="Run">The run that saw it.</param>
/// <param name="AsOf">When that run wrote its last entry.</param>
public sealed record UsedImage(string Fleet, MemberId Member, string Image, string Run, DateTimeOffset AsOf);

/// <summary>Where images run, by what the runs of a journal have seen.</summary>
public static class ImageUse
{
    private const int RunsToRead = 5;

    /// <summary>Reads the last runs of every fleet: of each member, what was seen last.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Members by fleet and name.</returns>
    public static async Task<IReadOnlyList<UsedImage>> ReadAsync(IRunJournal journal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var seen = new Dictionary<(string, MemberId), UsedImage>();
        foreach (var fleet in (await journal.RunsAsync(null, int.MaxValue, cancellation)).GroupBy(head => head.Fleet))
        {
            foreach (var head in fleet.OrderByDescending(head => head.UpdatedAt).Take(RunsToRead))
            {
                if (await RunHistory.TryReadAsync(journal, head.Run, cancellation) is not { Run: var run })
                    continue;
                foreach (var member in MemberImages.Of(run).Where(member => member.Image is not null))
                    seen.TryAdd((fleet.Key, member.Member), new UsedImage(fleet.Key, member.Member, member.Image!, run.Id, run.UpdatedAt));
            }
        }

        return [.. seen.Values.OrderBy(used => used.Fleet, StringComparer.Ordinal).ThenBy(used => used.Member.ToString(), StringComparer.Ordinal)];
    }
}
