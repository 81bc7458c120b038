using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Application;

/// <summary>Keeps a journal small: moves the entries of runs that ended long ago to files. The latest run of a fleet, every unfinished one, and one that is asked something stays as it is.</summary>
/// <param name="journal">The journal.</param>
/// <param name="worker">Who does it: the fleets' leases are taken meanwhile.</param>
/// <param name="clock">The only clock.</param>
public sealed class JournalCompaction(SqliteRunJournal journal, string worker, TimeProvider clock)
{
    // A file is written within seconds; who dies at it keeps the fleet from nobody for long.
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    /// <summary>The runs that would be archived.</summary>
    /// <param name="age">How long ago they ended, at least.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Their heads, latest first.</returns>
    public async Task<IReadOnlyList<RunHead>> OldAsync(TimeSpan age, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - age;
        var heads = await journal.RunsAsync(null, int.MaxValue, cancellation);
        var old = heads.GroupBy(head => head.Fleet).SelectMany(fleet => fleet.Skip(1)).Where(head => head.Finished && head.UpdatedAt <= before);
        var archived = await journal.ArchivedAsync(cancellation);
        var asked = (await journal.UnsettledAsync(cancellation)).Select(head => head.Run).ToHashSet(StringComparer.Ordinal);
        return [.. old.Where(head => !archived.Contains(head.Run) && !asked.Contains(head.Run)).OrderByDescending(head => head.StartedAt)];
    }

    /// <summary>Archives runs, each whole or not at all, and gives their space back to the disk. A run that cannot be archived keeps none of the others.</summary>
    /// <param name="age">How long ago they ended, at least.</param>
    /// <param name="directory">Where their files go; it is made.</param>
    /// <param name="cancellation">Ends it between two runs.</param>
    /// <returns>What was archived and what was not.</returns>
    /// <exception cref="JournalException">The journal cannot be read or written, or the space cannot be given back; what was archived by then stays archived.</exception>
    public async Task<Compacted> CompactAsync(TimeSpan age, string directory, CancellationToken cancellation)
    {
        var done = new Compacted([], [], [], null);
        foreach (var fleet in (await OldAsync(age, cancellation)).GroupBy(head => head.Fleet))
        {
            try
            {
                Directory.CreateDirectory(directory);
                await ArchiveAsync([.. fleet], directory, done, cancellation);
            }
            catch (JournalException held) when (held.Fault == JournalFault.LeaseHeld)
            {
                done.Busy.Add(held.Message);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                done = done with { Unwritable = $"{directory} cannot be written: {error.Message}" };
                break;
            }
        }

        if (done.Archived.Count > 0)
            await journal.ShrinkAsync(cancellation);
        return done;
    }

    /// <summary>The file of a run.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="run">The run's id.</param>
    public static string FileOf(string directory, string run) => Path.Combine(directory, run + ".jsonl");

    private async Task ArchiveAsync(List<RunHead> runs, string directory, Compacted done, CancellationToken cancellation)
    {
        var lease = await journal.AcquireAsync(runs[0].Fleet, worker, s_lease, cancellation);
        try
        {
            foreach (var run in runs)
            {
                lease = await journal.RenewAsync(lease, s_lease, cancellation);
                try
                {
                    await journal.ArchiveAsync(lease, run.Run, FileOf(directory, run.Run), cancellation);
                    done.Archived.Add(run);
                }
                catch (JournalException error) when (error.Fault is JournalFault.Damaged or JournalFault.Conflict)
                {
                    done.Kept.Add($"{run.Run} of fleet {run.Fleet} stays in the journal. {error.Message}");
                }
            }
        }
        finally
        {
            await journal.ReleaseAsync(lease, CancellationToken.None);
        }
    }
}

/// <summary>What a compaction did.</summary>
/// <param name="Archived">The runs whose entries are in files now.</param>
/// <param name="Busy">Why fleets were left alone.</param>
/// <param name="Kept">Which runs were not archived and why: they are damaged, or another file has the name of theirs.</param>
/// <param name="Unwritable">Why no file can be written any more; null when all could be.</param>
public sealed record Compacted(List<RunHead> Archived, List<string> Busy, List<string> Kept, string? Unwritable);
