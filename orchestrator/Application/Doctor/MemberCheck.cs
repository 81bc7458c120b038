using System.Collections.Concurrent;
using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Looks at every member: rotation, health, probe, VM and identity.</summary>
internal static class MemberCheck
{
    private const string Name = "members";
    private const int AtOnce = 16;
    private const string SlowCode = "no-answer";
    private const string GuestCode = "guest-identity";

    /// <summary>What was seen of each member; one that does not answer in time is one of which nothing was seen.</summary>
    public static async Task<IReadOnlyDictionary<MemberId, MemberFacts>> ObserveAsync(Fleet fleet, RunPorts ports, TimeSpan timeout, CancellationToken cancellation)
    {
        var observer = new Observer(ports);
        var seen = new ConcurrentDictionary<MemberId, MemberFacts>();
        await Parallel.ForEachAsync(fleet.Members(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (member, token) =>
        {
            using var late = new CancellationTokenSource(timeout, ports.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, token);
            try
            {
                seen[member.Id] = await observer.WholeAsync(member, either.Token).WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                seen[member.Id] = new MemberFacts(member.Id, null, null, null, null, [new Reason(SlowCode, $"{member.Id} was not seen within {Durations.InWords(timeout)}", "it is looked at what hangs")]);
            }
        });
        return seen;
    }

    /// <summary>What is wrong with members, and how the others are.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="unfinished">The run of it that goes on or can be resumed; null when there is none.</param>
    /// <param name="seen">What was seen of its members.</param>
    /// <param name="told">Balancer or provisioner are wrong and that is told already: what is missing because of them is not told again for each member.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<Finding> Look(Fleet fleet, Run? unfinished, IReadOnlyDictionary<MemberId, MemberFacts> seen, bool told, DateTimeOffset now)
    {
        var bad = fleet.Pairs
            .SelectMany(pair => pair.Members().Select(member => Away(unfinished, member.Id) ?? Problem(member, seen[member.Id], seen[pair.PeerOf(member.Id).Id], told, now)))
            .OfType<Finding>().ToList();
        var serving = seen.Values.Where(member => member.Serves).ToList();
        if (serving.Count == 0)
            return bad;
        var images = serving.GroupBy(member => member.Guest?.Image.Label ?? "an unknown image").OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} on {group.Key}");
        return [Finding.Ok(Name, $"{serving.Count} of {seen.Count} are in rotation, up and healthy: {string.Join(", ", images)}"), .. bad];
    }

    private static Finding? Away(Run? run, MemberId id) =>
        run is not null && run.Pairs.TryGetValue(id.Pair, out var pair) && pair.Members.FirstOrDefault(member => member.Id == id) is { Away: true } away
            ? Finding.Warning(Name, $"{id} is away because of run {run.Id}: {away.State}", $"refresh status {run.Id}")
            : null;

    private static Finding? Problem(Member one, MemberFacts member, MemberFacts peer, bool told, DateTimeOffset now)
    {
        var against = Against(one, member, told, now).ToList();
        if (against.Count == 0)
            return member.Serves || told ? null : Finding.Warning(Name, $"{member.Id} does not serve", "look again");
        var text = string.Join("; ", against.Select(reason => reason.Text.TrimEnd('.')).Distinct());
        var next = string.Join("; ", against.Select(reason => reason.EndsWhen.TrimEnd('.')).Distinct());
        return (member.Serves, peer.Serves) switch
        {
            (true, _) => Finding.Wrong(Name, text, $"{next}; until then a rebuild of it could not be proved"),
            (false, true) => Finding.Warning(Name, text, $"{next}; or a run, which rebuilds it before its peer"),
            _ => Finding.Wrong(Name, text, $"{next}; its peer {peer.Id} is not seen to serve either, so no run may touch the pair"),
        };
    }

    private static IEnumerable<Reason> Against(Member one, MemberFacts member, bool told, DateTimeOffset now)
    {
        if (member.Vm is { Power: not VmPower.On } vm)
            yield return new Reason("vm-not-on", $"the VM of {member.Id} is {vm.Power.ToString().ToLowerInvariant()}: {vm.Detail}", "it runs");
        foreach (var reason in PairRule.Serving(one, member, now, TimeSpan.MaxValue).Where(reason => reason.Code is not ("peer-unknown" or "peer-unprobed")))
            yield return reason;
        // A guest that is not healthy is not expected to say what it is.
        foreach (var reason in member.Unread.Where(reason => reason.Code.StartsWith(GuestCode, StringComparison.Ordinal) ? member.Probe is { Healthy: true } : !told))
            yield return reason;
    }
}
