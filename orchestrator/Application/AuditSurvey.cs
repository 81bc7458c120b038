using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Application;

/// <summary>Looks at everything that an audit judges. What cannot be looked at is kept as a reason, and ends nothing else.</summary>
public static class AuditSurvey
{
    private const int RunsToRead = 10;

    /// <summary>Looks at one fleet.</summary>
    /// <param name="definition">The fleet.</param>
    /// <param name="ports">What it looks through.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>What was seen.</returns>
    public static async Task<FleetSurveyed> LookAsync(FleetDefinition definition, RunPorts ports, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(ports);
        var unread = new List<Reason>();
        var observed = ObserveAsync(definition.Fleet, ports, cancellation);
        var images = await Observer.ReadAsync(() => ports.Images.ListAsync(cancellation), unread) ?? [];
        var wanted = await Observer.ReadAsync(() => ports.Images.FindAsync(definition.Image.Name, definition.Image.Version, cancellation), unread);
        var catalogue = new List<CatalogueImage>();
        foreach (var image in images)
            catalogue.Add(await RevocationAsync(image, ports, unread, cancellation));
        var machines = ports.Provisioner is IMachineInventory inventory ? await Observer.ReadAsync(() => inventory.ListAsync(cancellation), unread) ?? [] : [];
        var history = await HistoryAsync(definition.Fleet.Name, ports.Journal, cancellation);
        return new FleetSurveyed(new FleetFacts(definition.Fleet, definition.Path, wanted, await observed, history, [.. unread.Distinct()]), catalogue, machines);
    }

    /// <summary>Puts together what was seen of several fleets: an image or a machine that two of them name counts once.</summary>
    /// <param name="at">When it was seen.</param>
    /// <param name="fleets">The fleets.</param>
    /// <param name="listed">Machines that an inventory of the user's names.</param>
    /// <param name="unread">What could not be looked at and belongs to no fleet.</param>
    /// <returns>The facts of the audit.</returns>
    public static AuditFacts Join(DateTimeOffset at, IReadOnlyList<FleetSurveyed> fleets, IReadOnlyList<MachineFacts> listed, IReadOnlyList<Reason> unread) => new(
        at,
        [.. fleets.Select(fleet => fleet.Facts)],
        [.. fleets.SelectMany(fleet => fleet.Images).GroupBy(one => one.Image.Ref).Select(same => same.FirstOrDefault(one => one.Revoked is not null) ?? same.First())],
        [.. fleets.SelectMany(fleet => fleet.Machines).Concat(listed).DistinctBy(machine => (machine.Name, machine.Host, machine.Identity, machine.Source))],
        unread);

    /// <summary>Looks at every member, and again at those that do not look well: one slow answer is no finding.</summary>
    private static async Task<IReadOnlyDictionary<MemberId, MemberFacts>> ObserveAsync(Fleet fleet, RunPorts ports, CancellationToken cancellation)
    {
        var seen = new Dictionary<MemberId, MemberFacts>(await FleetSurvey.ObserveAsync(fleet, ports, cancellation));
        for (var looks = 1; looks < fleet.Policy.Soak.BadLooks; looks++)
        {
            var doubtful = fleet.Members().Where(member => IsDoubtful(seen[member.Id])).ToList();
            if (doubtful.Count == 0)
                break;
            await Task.Delay(fleet.Policy.Watch.Interval, ports.Clock, cancellation);
            foreach (var (member, facts) in await FleetSurvey.ObserveAsync(doubtful, ports, cancellation))
                seen[member] = facts;
        }

        return seen;
    }

    private static bool IsDoubtful(MemberFacts seen) => seen is not { Vm.Power: VmPower.Off or VmPower.Missing } && (!seen.Serves || seen.Unread.Count > 0);

    private static async Task<CatalogueImage> RevocationAsync(GoldenImage image, RunPorts ports, List<Reason> unread, CancellationToken cancellation)
    {
        try
        {
            return new CatalogueImage(image, await ports.Images.RevocationAsync(image.Ref, cancellation));
        }
        catch (AdapterException failure)
        {
            unread.Add(failure.Reason);
            return new CatalogueImage(image, null);
        }
    }

    private static async Task<FleetHistory> HistoryAsync(string fleet, IRunJournal journal, CancellationToken cancellation)
    {
        var reports = new List<RunReport>();
        foreach (var head in await journal.RunsAsync(fleet, RunsToRead, cancellation))
        {
            // One whose file lies elsewhere is old, and says nothing of today that a newer one does not.
            if (await RunHistory.TryReadAsync(journal, head.Run, cancellation) is { } history)
                reports.Add(RunReport.From(history.Entries));
        }

        return reports.Count == 0 ? FleetHistory.None : FleetHistory.Of(reports, (await journal.HolderAsync(fleet, cancellation))?.Worker);
    }
}

/// <summary>What was seen of one fleet.</summary>
/// <param name="Facts">The fleet.</param>
/// <param name="Images">The images of its catalogue.</param>
/// <param name="Machines">The machines that its provisioner lists.</param>
public sealed record FleetSurveyed(FleetFacts Facts, IReadOnlyList<CatalogueImage> Images, IReadOnlyList<MachineFacts> Machines);
