using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Trust;

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
        var images = await Observer.ReadAsync(() => ports.Images.ListAsync(cancellation), unread);
        var wanted = await Observer.ReadAsync(() => ports.Images.FindAsync(definition.Image.Name, definition.Image.Version, cancellation), unread);
        var (catalogue, before) = (new List<CatalogueImage>(), unread.Count);
        foreach (var image in images ?? [])
            catalogue.Add(new CatalogueImage(image, await RevocationAsync(image.Ref, ports, unread, cancellation)));
        var unseen = images is null || unread.Count > before ? Unseen.Images : Unseen.None;
        var machines = ports.Provisioner is IMachineInventory inventory ? await Observer.ReadAsync(() => inventory.ListAsync(cancellation), unread) : [];
        if (machines is null)
            unseen |= Unseen.Machines;
        var history = await HistoryAsync(definition.Fleet.Name, ports.Journal, cancellation);
        var members = await observed;
        var gone = await GoneAsync(members.Values, images ?? [], ports, unread, cancellation);
        return new FleetSurveyed(new FleetFacts(definition.Fleet, definition.Path, wanted, members, history, [.. unread.Distinct()]), catalogue, machines ?? []) { Gone = gone, Unseen = unseen };
    }

    /// <summary>Puts together what was seen of several fleets: an image or a machine that two of them name counts once.</summary>
    /// <param name="at">When it was seen.</param>
    /// <param name="fleets">The fleets.</param>
    /// <param name="listed">Machines that an inventory of the user's names.</param>
    /// <param name="unread">What could not be looked at and belongs to no fleet.</param>
    /// <param name="unseen">Of what kind that is.</param>
    /// <returns>The facts of the audit.</returns>
    public static AuditFacts Join(DateTimeOffset at, IReadOnlyList<FleetSurveyed> fleets, IReadOnlyList<MachineFacts> listed, IReadOnlyList<Reason> unread, Unseen unseen) => new(
        at,
        [.. fleets.Select(fleet => fleet.Facts)],
        [.. fleets.SelectMany(fleet => fleet.Images).GroupBy(one => one.Image.Ref).Select(same => same.FirstOrDefault(one => one.Revoked is not null) ?? same.First())],
        [.. fleets.SelectMany(fleet => fleet.Machines).Concat(listed).DistinctBy(machine => (machine.Name, machine.Host, machine.Identity, machine.Source))],
        unread)
    {
        Gone = [.. fleets.SelectMany(fleet => fleet.Gone).DistinctBy(gone => gone.Image)],
        Unseen = fleets.Aggregate(unseen, (all, fleet) => all | fleet.Unseen),
    };

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

    /// <summary>Images that guests or the provisioner name, that are revoked, and whose directory is gone.</summary>
    private static async Task<IReadOnlyList<GoneImage>> GoneAsync(IEnumerable<MemberFacts> members, IReadOnlyList<GoldenImage> there, RunPorts ports, List<Reason> unread, CancellationToken cancellation)
    {
        var gone = new List<GoneImage>();
        foreach (var image in members.SelectMany(Named).Distinct().Where(named => !there.Any(one => one.Ref == named || (named.Digest.Length == 0 && one.Ref.Label == named.Label))).ToList())
        {
            if (await RevocationAsync(image, ports, unread, cancellation) is { } revoked)
                gone.Add(new GoneImage(image, revoked));
        }

        return gone;
    }

    private static IEnumerable<ImageRef> Named(MemberFacts seen)
    {
        if (seen.Guest?.Image is { } runs)
            yield return runs;
        // A provisioner that names images by their label knows no digest.
        if (ImageChoice.Parse(seen.Vm?.Image) is { Version: { } version } made)
            yield return new ImageRef(made.Name, version, string.Empty);
    }

    private static async Task<ImageRevocation?> RevocationAsync(ImageRef image, RunPorts ports, List<Reason> unread, CancellationToken cancellation)
    {
        try
        {
            return await ports.Images.RevocationAsync(image, cancellation);
        }
        catch (AdapterException failure)
        {
            unread.Add(failure.Reason);
            return null;
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
public sealed record FleetSurveyed(FleetFacts Facts, IReadOnlyList<CatalogueImage> Images, IReadOnlyList<MachineFacts> Machines)
{
    /// <summary>Revoked images that its members run or were made from, and that its catalogue has no more.</summary>
    public IReadOnlyList<GoneImage> Gone { get; init; } = [];

    /// <summary>What of it could not be looked at whole.</summary>
    public Unseen Unseen { get; init; }
}
