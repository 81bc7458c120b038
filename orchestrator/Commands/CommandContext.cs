using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Commands;

/// <summary>What every command works with: where it writes, the journal, the clock, and who is asking.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private readonly string _journalPath;
    private readonly string? _server;
    private SqliteRunJournal? _journal;
    private RemoteServer? _remote;

    public CommandContext(ParseResult parsed, string journal)
    {
        Output = parsed.InvocationConfiguration.Output;
        Error = parsed.InvocationConfiguration.Error;
        Json = parsed.GetValue(GlobalOptions.Json);
        _journalPath = Path.GetFullPath(parsed.GetValue(GlobalOptions.Journal) ?? journal);
        _server = GlobalOptions.ServerOf(parsed.GetValue(GlobalOptions.Server));
        Loggers = Logging.Create(parsed.GetValue(GlobalOptions.Log));
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public bool Json { get; }

    public ILoggerFactory Loggers { get; }

    public static TimeProvider Clock => Seam.Current.Clock;

    public string JournalPath => _journalPath;

    /// <summary>The folder, beside the journal, for what adapters keep with the runs.</summary>
    public string Records => $"{_journalPath}.records";

    public static string User => Environment.UserName;

    public static WorkerOptions Worker => WithLease(new() { Worker = $"{Environment.MachineName}:{Environment.ProcessId}" });

    public async Task<SqliteRunJournal> JournalAsync(CancellationToken cancellation) =>
        _journal ??= await SqliteRunJournal.OpenAsync(_journalPath, Clock, cancellation);

    /// <summary>The journal as it is, for a command that changes nothing of it; the caller closes it.</summary>
    public Task<JournalLook> LookAsync(CancellationToken cancellation) => JournalLook.OpenAsync(_journalPath, Clock, cancellation);

    /// <summary>The worker elsewhere that is meant; null when the command works here.</summary>
    public RemoteServer? Server => _remote ??= string.IsNullOrEmpty(_server) ? null : RemoteAccess.Open(_server, Clock, NewId);

    /// <summary>The journal to read from: one's own, or that of the worker elsewhere.</summary>
    public async Task<IRunJournal> ReadingAsync(CancellationToken cancellation) =>
        Server is { } server ? new RemoteJournal(server) : await JournalAsync(cancellation);

    public async Task<RunService> RunsAsync(CancellationToken cancellation) =>
        new(Seam.Current.Journal(await JournalAsync(cancellation)), Worker, Clock, NewId, Loggers);

    /// <summary>Reads a fleet file, or ends the command with all its mistakes.</summary>
    public static async Task<FleetDefinition> FleetAsync(string path, CancellationToken cancellation)
    {
        var result = await FleetFile.ReadAsync(path, cancellation);
        return result.Definition ?? throw new CommandFailure(CommandError.Of(ExitCodes.Invalid, "fleet-file-invalid", $"{path} was not used, and nothing was changed.") with { Where = path, Mistakes = result.Mistakes });
    }

    public async Task<FleetAdapters> AdaptersAsync(FleetDefinition definition, CancellationToken cancellation) =>
        await FleetAdapters.OpenAsync(definition, await JournalAsync(cancellation), Records, Clock, Loggers, cancellation);

    /// <summary>Adapters for a command that only looks.</summary>
    public async Task<FleetAdapters> ObserversAsync(FleetDefinition definition, CancellationToken cancellation) =>
        await FleetAdapters.ObserveAsync(definition, await JournalAsync(cancellation), Records, Clock, cancellation);

    public async ValueTask DisposeAsync()
    {
        _remote?.Dispose();
        if (_journal is not null)
            await _journal.DisposeAsync();
        Loggers.Dispose();
    }

    /// <summary>$REFRESH_LEASE, for example <c>2s</c>, takes the place of the lease's default. After a crash the next worker waits it out.</summary>
    private static WorkerOptions WithLease(WorkerOptions options)
    {
        if (Environment.GetEnvironmentVariable("REFRESH_LEASE") is not { Length: > 0 } told)
            return options;
        return Durations.Read(told) is { } lease && lease >= TimeSpan.FromSeconds(1)
            ? options with { LeaseDuration = lease }
            : throw new CommandFailure(ExitCodes.Usage, "lease-invalid", $"REFRESH_LEASE is '{told}'; it must be a duration of at least 1s, for example 9s.");
    }

    /// <summary>A journal of its own for a service, which writes nothing as it was said that is not clean.</summary>
    public Task<SqliteRunJournal> OpenJournalAsync(Func<string, string> clean, CancellationToken cancellation) =>
        SqliteRunJournal.OpenAsync(_journalPath, Clock, EventFormat.Standard.Cleaned(clean), cancellation);

    public static string NewId() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 8);
}
