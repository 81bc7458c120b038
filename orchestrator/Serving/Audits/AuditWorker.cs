using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Audits;

/// <summary>
/// Audits all fleets by a schedule, keeps the last audit beside the journal, and tells people what has changed since the one
/// before. One that was due while the service was away is made up for.
/// </summary>
internal sealed partial class AuditWorker(ServeSettings settings, AuditRound round, Announcer announcer, SqliteRunJournal journal, TimeProvider clock, ILogger<AuditWorker> logger) : BackgroundService
{
    private readonly string _file = Path.Combine(journal.Database.Folder, "audit.json");

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Audit is not { } audit)
            return;
        var before = await BeforeAsync(stoppingToken);
        var due = audit.At.GetNextOccurrence(before?.At ?? clock.GetUtcNow(), audit.Zone);
        using var timer = new PeriodicTimer(settings.LookEvery, clock);
        while (due is not null && await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (clock.GetUtcNow() < due)
                continue;
            try
            {
                before = await AuditAsync(audit, before, stoppingToken);
            }
            catch (Exception failure) when (failure is AdapterException or JournalException or IOException or UnauthorizedAccessException)
            {
                LogFailed(failure.Message);
            }

            due = audit.At.GetNextOccurrence(clock.GetUtcNow(), audit.Zone);
        }
    }

    private async Task<AuditDocument> AuditAsync(AuditSettings audit, AuditDocument? before, CancellationToken stopping)
    {
        var made = await round.MakeAsync(audit, before, stopping);
        foreach (var notice in AuditNotice.Of(made))
            await announcer.TellAsync(notice, stopping);
        // Only now: what could not be told is a difference of the next audit again.
        await SmallFile.WriteAsync(_file, Encoding.UTF8.GetBytes(made.Write()), stopping);
        LogMade(AuditText.Headline(made), made.Since?.New.Count ?? made.Findings.Count, made.Since?.Gone.Count ?? 0, _file);
        return made;
    }

    private async Task<AuditDocument?> BeforeAsync(CancellationToken stopping)
    {
        try
        {
            return File.Exists(_file) ? AuditDocument.Read(await File.ReadAllTextAsync(_file, stopping)) : null;
        }
        catch (Exception unusable) when (unusable is FormatException or IOException or UnauthorizedAccessException)
        {
            LogUnusable(_file, unusable.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit: {Headline}; {New} new, {Gone} gone; all of it is in {File}")]
    private partial void LogMade(string headline, int @new, int gone, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit failed, and is made again when it is due: {Why}")]
    private partial void LogFailed(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last audit in {File} cannot be compared with, and all findings count as new: {Why}")]
    private partial void LogUnusable(string file, string why);
}
