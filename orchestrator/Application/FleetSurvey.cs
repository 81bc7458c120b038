using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Planning;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Application;

/// <summary>Looks at a fleet and says what a run would do. Changes nothing.</summary>
public static class FleetSurvey
{
    private const int AtOnce = 16;
    private const int RunsToMeasure = 3;

    /// <summary>Observes every member, checks the adapters, and plans.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <param name="image">Another image than the fleet file's, or null.</param>
    /// <param name="ports">What it looks through.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <param name="overrides">Image gates that somebody overrides; null for none.</param>
    /// <returns>The plan and what it was made from; what the gates refuse is among its obstacles.</returns>
    /// <exception cref="Workflows.Ports.AdapterException">There is no such image, or its content is not what its digest says.</exception>
    public static async Task<PlannedRun> PlanAsync(FleetDefinition definition, ImageChoice? image, RunPorts ports, CancellationToken cancellation, IReadOnlyList<GateOverride>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(ports);
        var fleet = definition.Fleet;
        var wanted = image ?? definition.Image;
        var golden = ports.Images.FindAsync(wanted.Name, wanted.Version, cancellation);
        var obstacles = CheckAsync(fleet, ports, cancellation);
        var observed = ObserveAsync(fleet, ports, cancellation);
        await Task.WhenAll(golden, obstacles, observed);
        var goal = await golden;
        var policies = await ImageTrust.PoliciesAsync(definition.Images, cancellation);
        var (gates, notPermitted) = await ImageTrust.JudgeAsync(goal.Ref, policies, overrides ?? [], ports.Images, ports.Clock.GetUtcNow(), cancellation);
        var left = await LeftOutAsync(fleet.Name, ports, cancellation);
        var plan = Planner.Plan(
            fleet,
            goal.Ref,
            await observed,
            left.Select(member => member.Id).ToHashSet(),
            left.Where(member => member is { Unsure: true, LastRebuild: not null }).ToDictionary(member => member.Id, member => member.LastRebuild!));
        return new PlannedRun(fleet, goal, plan, await observed, [.. notPermitted, .. gates.Refusals, .. Dormant(fleet, await observed), .. await obstacles], await PerMemberAsync(fleet.Name, ports, cancellation), definition.Path, gates)
        {
            Windows = await FleetWindows.LookAsync(definition, ports.Clock, cancellation),
        };
    }

    /// <summary>Looks at every member.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="ports">What it looks through.</param>
    /// <param name="cancellation">Ends the look.</param>
    /// <returns>What was seen of each.</returns>
    public static async Task<IReadOnlyDictionary<MemberId, MemberFacts>> ObserveAsync(Fleet fleet, RunPorts ports, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return await ObserveAsync(fleet.Members(), ports, cancellation);
    }

    /// <summary>Looks at some members.</summary>
    internal static async Task<IReadOnlyDictionary<MemberId, MemberFacts>> ObserveAsync(IEnumerable<Member> members, RunPorts ports, CancellationToken cancellation)
    {
        var observer = new Observer(ports);
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<MemberId, MemberFacts>();
        await Parallel.ForEachAsync(
            members,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (member, token) => seen[member.Id] = await observer.WholeAsync(member, token));
        return seen;
    }

    private static IEnumerable<Reason> Dormant(Fleet fleet, IReadOnlyDictionary<MemberId, MemberFacts> observed) => fleet.Policy.Dormant == DormantAction.Refuse
        ? observed.Values.Where(member => member.Power == VmPower.Off).OrderBy(member => member.Id).Select(member => DormantReason.Refused(member.Id))
        : [];

    private static async Task<IReadOnlyList<Reason>> CheckAsync(Fleet fleet, RunPorts ports, CancellationToken cancellation)
    {
        var members = fleet.Members().ToList();
        var checks = await Task.WhenAll(ports.Balancer.CheckAsync(members, cancellation), ports.Provisioner.CheckAsync(members, cancellation));
        return [.. checks.SelectMany(reasons => reasons)];
    }

    /// <summary>Members that the latest run of the fleet has left out of rotation.</summary>
    private static async Task<IReadOnlyList<MemberProgress>> LeftOutAsync(string fleet, RunPorts ports, CancellationToken cancellation)
    {
        if (await ports.Journal.RunsAsync(fleet, 1, cancellation) is not [var latest])
            return [];
        var run = (await RunHistory.ReadAsync(ports.Journal, latest.Run, cancellation)).Run;
        return [.. run.Pairs.Values.SelectMany(pair => pair.Members).Where(member => member.Away)];
    }

    /// <summary>The median time from the begin of a drain to the end of the soak, over the members of the last runs.</summary>
    private static async Task<TimeSpan?> PerMemberAsync(string fleet, RunPorts ports, CancellationToken cancellation)
    {
        var times = new List<TimeSpan>();
        foreach (var head in await ports.Journal.RunsAsync(fleet, RunsToMeasure, cancellation))
        {
            var began = new Dictionary<MemberId, DateTimeOffset>();
            foreach (var entry in (await RunHistory.TryReadAsync(ports.Journal, head.Run, cancellation))?.Entries ?? [])
            {
                if (entry.Event is not MemberMoved moved)
                    continue;
                if (moved.To == MemberState.Draining)
                    began[moved.Member] = entry.At;
                else if (moved.Trigger == MemberTrigger.Soaked && began.TryGetValue(moved.Member, out var since))
                    times.Add(entry.At - since);
            }
        }

        times.Sort();
        return times.Count > 0 ? times[times.Count / 2] : null;
    }
}
