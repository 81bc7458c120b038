using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>Writes the evidence of every run of the served fleets that has ended, whoever ended it; a run that was rolled back has its evidence written anew. After a restart, what is missing is made up for.</summary>
internal sealed partial class EvidenceWorker(ServeSettings settings, RunsWorker worker, IRunJournal journal, RunEvidence evidence, TimeProvider clock, ILogger<EvidenceWorker> logger) : BackgroundService
{
    private const int Looked = 200;

    // What ended before has its evidence, or somebody took the file away.
    private static readonly TimeSpan s_madeUpFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);

    // A command that has worked on a run writes its evidence itself.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.LookEvery, clock);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (JournalException fault)
            {
                LogNotNow(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        foreach (var head in await journal.RunsAsync(null, Looked, stopping))
        {
            if (head.Finished && worker.FindDesk(head.Fleet) is not null
                && head.UpdatedAt + s_settled <= now && now < head.UpdatedAt + s_madeUpFor
                && _written.GetValueOrDefault(head.Run) != head.Sequence && _notBefore.GetValueOrDefault(head.Run) <= now)
                await WriteAsync(head, stopping);
        }
    }

    private async Task WriteAsync(RunHead head, CancellationToken stopping)
    {
        try
        {
            if (await evidence.AtEndAsync(head.Run, FleetDesk.Service, head.UpdatedAt, stopping) is { } written)
                LogWritten(head.Run, head.Fleet, written.File);
            _written[head.Run] = head.Sequence;
        }
        catch (Exception failure) when (failure is AdapterException or JournalException)
        {
            LogUnwritten(head.Run, head.Fleet, (failure as AdapterException)?.Reason.Text ?? failure.Message);
            _notBefore[head.Run] = clock.GetUtcNow() + s_again;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The evidence of run {Run} of fleet {Fleet} is in {File}")]
    private partial void LogWritten(string run, string fleet, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The evidence of run {Run} of fleet {Fleet} was not written, and is tried again in a minute: {Why}")]
    private partial void LogUnwritten(string run, string fleet, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which runs have ended could not be read: {Why}")]
    private partial void LogNotNow(string why);
}
