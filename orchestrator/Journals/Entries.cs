using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Journals;

/// <summary>What must be true of the entries of one append before any journal looks at what it holds.</summary>
internal static class Entries
{
    /// <summary>Refuses entries that do not fit their lease, their head and each other.</summary>
    /// <exception cref="ArgumentException">They do not: a mistake of the caller.</exception>
    public static void RequireFit(Lease lease, RunHead head, long expected, IReadOnlyList<JournalEntry> entries)
    {
        Require(entries.Count > 0, "there is none");
        Require(!head.Run.Any(char.IsControl), "the run's id has control characters");
        Require(head.Fleet == lease.Fleet, $"the lease is of fleet {lease.Fleet}");
        Require(head.Sequence == expected + entries.Count, $"the head ends with {head.Sequence}");
        for (var i = 0; i < entries.Count; i++)
        {
            Require(entries[i].Run == head.Run, $"entry {i + 1} of them belongs to run {entries[i].Run}");
            Require(entries[i].Sequence == expected + i + 1, $"entry {i + 1} of them has sequence {entries[i].Sequence}");
            Require(entries[i].Epoch == lease.Epoch, $"entry {i + 1} of them has epoch {entries[i].Epoch}, the lease {lease.Epoch}");
        }

        void Require(bool holds, string why)
        {
            if (!holds)
                throw new ArgumentException($"Entries after {expected} of run {head.Run}, fleet {head.Fleet}, do not fit: {why}.", nameof(entries));
        }
    }
}
