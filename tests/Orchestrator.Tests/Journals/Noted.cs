using System.Text.Json;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>An event that only these tests know.</summary>
internal sealed record Noted(string Text) : RunEvent
{
    public static readonly EventFormat Format = new(
        value => JsonSerializer.Serialize((Noted)value),
        json => JsonSerializer.Deserialize<Noted>(json) ?? throw new JsonException("null"));
}

/// <summary>Heads and entries of runs for tests.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public static RunHead Head(string run, string fleet, long sequence, bool finished = false) =>
        new(run, fleet, "web@2", finished ? "Succeeded" : "Running", finished, sequence, Start, Start.AddTicks(sequence));

    public static JournalEntry[] Entries(Lease lease, string run, long after, int count = 1) =>
        [.. Enumerable.Range(1, count).Select(i => new JournalEntry(run, after + i, Start.AddTicks(after + i), lease.Epoch, new Noted($"{run} {after + i} é\n")))];

    public static Task BeginAsync(this IRunJournal journal, Lease lease, string run, string[] claims, CancellationToken cancellation, int count = 1) =>
        journal.CreateAsync(lease, Head(run, lease.Fleet, count), claims, Entries(lease, run, 0, count), cancellation);

    public static Task GoOnAsync(this IRunJournal journal, Lease lease, string run, long expected, CancellationToken cancellation, int count = 1, bool finished = false, params string[] answered) =>
        journal.AppendAsync(lease, Head(run, lease.Fleet, expected + count, finished), expected, Entries(lease, run, expected, count), answered, cancellation);

    public static async Task<JournalFault> FaultAsync(Func<Task> act) => (await Xunit.Assert.ThrowsAsync<JournalException>(act)).Fault;
}

/// <summary>A new directory that goes with the test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("refresh-journal-").FullName;

    public string File => System.IO.Path.Combine(Path, "journal.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
