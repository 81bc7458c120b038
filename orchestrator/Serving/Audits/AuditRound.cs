using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Audits;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Audits;

/// <summary>Audits of fleets of the service.</summary>
internal sealed class AuditRound(RunsWorker worker, FleetDirectory directory, TimeProvider clock)
{
    private const int FleetsAtOnce = 4;

    /// <summary>Looks at all fleets and judges. Of what cannot be looked at, the earlier findings stand.</summary>
    /// <param name="settings">What is put up with.</param>
    /// <param name="before">The audit before; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<AuditDocument> MakeAsync(AuditSettings settings, AuditDocument? before, CancellationToken cancellation)
    {
        var (machines, unread) = (new List<MachineFacts>(), new List<Reason>());
        foreach (var inventory in settings.Inventories)
        {
            if (await TryAsync(inventory, async () => machines.AddRange(await new InventoryFile(inventory).ListAsync(cancellation))) is { } reason)
                unread.Add(reason);
        }

        return await LookAsync([.. worker.Desks], machines, unread, settings.Policy, before, cancellation);
    }

    /// <summary>Looks at some fleets and judges.</summary>
    /// <param name="desks">The fleets.</param>
    /// <param name="machines">Machines that a list of the user's names.</param>
    /// <param name="lists">Lists and files that could not be looked at.</param>
    /// <param name="policy">What is put up with.</param>
    /// <param name="before">The audit before; null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<AuditDocument> LookAsync(IReadOnlyList<FleetDesk> desks, IReadOnlyList<MachineFacts> machines, IReadOnlyList<Reason> lists, AuditPolicy policy, AuditDocument? before, CancellationToken cancellation)
    {
        var looks = desks.OrderBy(desk => desk.Name, StringComparer.Ordinal).Select(desk => new Look(desk)).ToList();
        await Parallel.ForEachAsync(looks, new ParallelOptions { MaxDegreeOfParallelism = FleetsAtOnce, CancellationToken = cancellation }, async (look, token) =>
            look.Unread = await TryAsync(look.Desk.Name, async () => look.Seen = await look.Desk.UseAsync((definition, ports) => AuditSurvey.LookAsync(definition, ports, token), token)));
        var fleets = looks.Select(look => look.Unread).OfType<Reason>().ToList();
        // A machine may be of a fleet whose file was never good.
        var unseen = (fleets.Count > 0 || directory.Bad.Any(file => file.Definition is null) ? Unseen.Fleets : Unseen.None) | (lists.Count > 0 ? Unseen.Machines : Unseen.None);
        return AuditDocument.Of(AuditSurvey.Join(clock.GetUtcNow(), [.. looks.Select(look => look.Seen).OfType<FleetSurveyed>()], machines, [.. lists, .. fleets], unseen), policy, before);
    }

    // The code of such a reason is what could not be looked at: an audit names it as the subject of its finding.
    private static async Task<Reason?> TryAsync(string what, Func<Task> look)
    {
        try
        {
            await look();
            return null;
        }
        catch (Exception failure) when (failure is AdapterException or JournalException)
        {
            return new Reason(what, $"{what} could not be audited: {(failure as AdapterException)?.Reason.Text ?? failure.Message}", (failure as AdapterException)?.Reason.EndsWhen ?? "the journal can be read");
        }
    }

    private sealed class Look(FleetDesk desk)
    {
        public FleetDesk Desk => desk;

        public FleetSurveyed? Seen { get; set; }

        public Reason? Unread { get; set; }
    }
}
