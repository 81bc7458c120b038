using System.Globalization;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Whether the journal can be trusted with a run: it opens durably, can be written, holds, and has room.</summary>
internal static class JournalCheck
{
    private const string Name = "journal";
    private const long Mebibyte = 1024 * 1024;
    private const long Little = 256 * Mebibyte;
    private const long TooLittle = 16 * Mebibyte;

    public static async Task<IReadOnlyList<Finding>> LookAsync(SqliteRunJournal journal, CancellationToken cancellation)
    {
        // To get the right to write is to be able to: SQLite takes it on the file itself.
        await journal.Database.WriteAsync(_ => true, cancellation);
        var path = journal.Database.Path;
        return [Verified(path, await journal.VerifyAsync(cancellation)), Room(path)];
    }

    private static Finding Verified(string path, JournalVerification verified) => verified.Fault is { } fault
        ? Finding.Wrong(Name, fault, "`refresh journal verify` tells more")
        : Finding.Ok(Name, $"{path} is durable (WAL, synchronous FULL) and can be written; {Counted.Of(verified.Runs, "run")} with {Counted.Of(verified.Entries, "entry", "entries")} in it, and they hold");

    private static Finding Room(string path)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / Mebibyte:N0} MiB are free for it");
        return free < TooLittle ? Finding.Wrong(Name, text, "free some space there: a run stops when the journal cannot be written")
            : free < Little ? Finding.Warning(Name, text, "free some space there before it runs out")
            : Finding.Ok(Name, text);
    }

    /// <summary>Whether another run stands in the way.</summary>
    public static async Task<IReadOnlyList<Finding>> RunsAsync(IRunJournal journal, string fleet, Run? unfinished, CancellationToken cancellation)
    {
        var holder = await journal.HolderAsync(fleet, cancellation);
        return (unfinished, holder) switch
        {
            ({ } run, { } worker) => [Finding.Warning("runs", $"run {run.Id} is {run.State}, and {worker.Worker} works on it", $"wait until it has ended: refresh status {run.Id}")],
            ({ } run, null) => [Finding.Warning("runs", $"run {run.Id} is {run.State}, and nobody works on it", $"refresh resume {run.Id}; a new run is refused until it has ended")],
            (null, { } worker) => [Finding.Warning("runs", $"{worker.Worker} holds the lease of {fleet}, with no unfinished run", "it begins one, or its lease ends by itself within seconds")],
            _ => [Finding.Ok("runs", $"no run of {fleet} is unfinished, and nobody holds its lease")],
        };
    }
}
