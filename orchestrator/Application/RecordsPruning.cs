using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Application;

/// <summary>
/// Keeps what adapters keep with runs small: states, plans and events, each kind named by the beginning of its files, in a folder
/// for each stack. What is old goes, but for what belongs to a run that is in the journal still, and the latest of each kind:
/// a state that is damaged is restored from it.
/// </summary>
/// <param name="directory">The folder of all of it, beside the journal.</param>
public sealed class RecordsPruning(string directory)
{
    // A file is written a little before or after the entry that tells of it.
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    /// <summary>Deletes what is old.</summary>
    /// <param name="before">What was written later stays.</param>
    /// <param name="runs">The runs whose entries are in the journal: what was written while one went on stays.</param>
    /// <returns>What was deleted.</returns>
    /// <exception cref="IOException">A file cannot be deleted; what was deleted by then stays deleted.</exception>
    public Pruned Prune(DateTimeOffset before, IReadOnlyList<RunHead> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var pruned = new Pruned(0, 0);
        foreach (var folder in Directory.Exists(directory) ? Directory.EnumerateDirectories(directory) : [])
        {
            foreach (var file in Old(new DirectoryInfo(folder)).Where(file => At(file) <= before && !runs.Any(run => Belongs(file, run))))
            {
                pruned = new Pruned(pruned.Files + 1, pruned.Bytes + file.Length);
                file.Delete();
            }
        }

        return pruned;
    }

    /// <summary>All but the latest of each kind.</summary>
    private static IEnumerable<FileInfo> Old(DirectoryInfo folder) => folder.GetFiles()
        .GroupBy(file => file.Name.Split('-')[0], StringComparer.Ordinal)
        .SelectMany(kind => kind.OrderByDescending(file => file.Name, StringComparer.Ordinal).Skip(1));

    private static DateTimeOffset At(FileInfo file) => new(file.LastWriteTimeUtc, TimeSpan.Zero);

    private static bool Belongs(FileInfo file, RunHead run) =>
        At(file) >= run.StartedAt - s_margin && (!run.Finished || At(file) <= run.UpdatedAt + s_margin);
}

/// <summary>What was deleted of what is kept with runs.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How much they took.</param>
public sealed record Pruned(int Files, long Bytes);
