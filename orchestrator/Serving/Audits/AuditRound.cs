using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Audits;

/// <summary>One audit of all fleets of the service.</summary>
internal sealed class AuditRound(RunsWorker worker, TimeProvider clock)
{
    /// <summary>Looks and judges. Of a fleet that cannot be looked at, the earlier findings stand.</summary>
    /// <param name="settings">What is put up with.</param>
    /// <param name="before">The audit before; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<AuditDocument> MakeAsync(AuditSettings settings, AuditDocument? before, CancellationToken cancellation)
    {
        var (fleets, machines, unread) = (new List<FleetSurveyed>(), new List<MachineFacts>(), new List<Reason>());
        foreach (var desk in worker.Desks.OrderBy(desk => desk.Name, StringComparer.Ordinal))
            await TryAsync(desk.Name, unread, async () => fleets.Add(await desk.UseAsync((definition, ports) => AuditSurvey.LookAsync(definition, ports, cancellation), cancellation)));
        foreach (var inventory in settings.Inventories)
            await TryAsync(inventory, unread, async () => machines.AddRange(await new InventoryFile(inventory).ListAsync(cancellation)));
        var audit = AuditDocument.Of(AuditSurvey.Join(clock.GetUtcNow(), fleets, machines, unread), settings.Policy, null);
        var missed = before?.Findings.Where(finding => unread.Exists(reason => reason.Code == finding.Fleet)) ?? [];
        var findings = audit.Findings.Concat(missed).OrderByDescending(finding => finding.Risk).ToList();
        return audit with { Findings = findings, Since = before is null ? null : AuditDifference.Of(before.At, before.Findings, findings) };
    }

    // The code of such a reason is what could not be looked at: an audit names it as the subject of its finding.
    private static async Task TryAsync(string what, List<Reason> unread, Func<Task> look)
    {
        try
        {
            await look();
        }
        catch (Exception failure) when (failure is AdapterException or JournalException)
        {
            unread.Add(new Reason(what, $"{what} could not be audited: {(failure as AdapterException)?.Reason.Text ?? failure.Message}", (failure as AdapterException)?.Reason.EndsWhen ?? "the journal can be read"));
        }
    }
}
