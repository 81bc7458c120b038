using System.Globalization;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>What must hold between values that are each good in themselves. Defaults take part: a short timeout needs a shorter interval.</summary>
internal sealed class Relations(YamlValue root, MistakeList mistakes)
{
    /// <summary>Counts against the pairs that the file lists, damaged ones too.</summary>
    public void CheckCounts(RefreshPolicy policy)
    {
        if (Find("pairs") is not YamlSequence { Items.Count: > 0 and var pairs })
            return;
        Refuse(policy.Canary.Pairs > pairs, $"'canary.pairs' is {policy.Canary.Pairs}, and the pairs of the fleet are {pairs}", "canary.pairs");
        Refuse(policy.FailureBudget.Pairs > pairs, $"'failureBudget.pairs' is {policy.FailureBudget.Pairs}, and the pairs of the fleet are {pairs}", "failureBudget.pairs");
        Refuse(policy.FailureBudget.Members > 2 * pairs, $"'failureBudget.members' is {policy.FailureBudget.Members}, and the members of the fleet are {2 * pairs}", "failureBudget.members");
    }

    public void CheckTimes(RefreshPolicy policy, BalancerSettings? balancer)
    {
        NotLonger("guard.interval", policy.Guard.Interval, "guard.timeout", policy.Guard.Timeout);
        InARow("drain.emptyPolls", policy.Drain.EmptyPolls, "drain.interval", policy.Drain.Interval, "drain.timeout", policy.Drain.Timeout);
        InARow("verify.passes", policy.Verify.Passes, "verify.interval", policy.Verify.Interval, "verify.timeout", policy.Verify.Timeout);
        InARow("soak.badLooks", policy.Soak.BadLooks, "soak.interval", policy.Soak.Interval, "soak.duration", policy.Soak.Duration);
        if (balancer is not HAProxySettings { RejoinWeights.Count: > 1 } haproxy)
            return;
        var climb = haproxy.RejoinInterval * (haproxy.RejoinWeights.Count - 1);
        Refuse(
            climb > policy.Rejoin.Timeout,
            $"the climb of 'balancer.haproxy.rejoinWeights' takes {Durations.Text(climb)}, longer than 'rejoin.timeout' ({Durations.Text(policy.Rejoin.Timeout)})",
            "balancer.haproxy.rejoinWeights",
            "balancer.haproxy.rejoinInterval",
            "rejoin.timeout");
    }

    /// <summary>An answer that takes longer than facts may be old decides nothing.</summary>
    public void CheckProbes(RefreshPolicy policy, IReadOnlyList<ProbeSettings> probes)
    {
        // A damaged probe is left out, and then the others are not where the file has them.
        if (!mistakes.IsSound("probes"))
            return;
        for (var i = 0; i < probes.Count; i++)
        {
            var path = Field.PathOf("probes", i);
            var kind = ((YamlMapping)Find(path)!).Entries.Keys.Single();
            NotLonger($"{path}.{kind}.timeout", probes[i].Timeout, "guard.maxAge", policy.Guard.MaxAge);
        }
    }

    /// <summary>The stack contract has nothing that powers a VM off.</summary>
    public void CheckPower(RefreshPolicy policy, ProvisionerSettings? provisioner) => Refuse(
        policy.Dormant == DormantAction.Refresh && provisioner is PulumiSettings,
        "'dormant' is 'refresh', and a stack has no way to power a VM off again ('provisioner.pulumi'): write wake, leave or refuse",
        "dormant");

    /// <summary>N looks, an interval apart, must fit into their time.</summary>
    private void InARow(string countPath, int count, string intervalPath, TimeSpan interval, string totalPath, TimeSpan total)
    {
        if (NotLonger(intervalPath, interval, totalPath, total))
            return;
        Refuse(
            interval * (count - 1) > total,
            $"{count} looks ('{countPath}') every {Durations.Text(interval)} take longer than '{totalPath}' ({Durations.Text(total)})",
            countPath,
            intervalPath,
            totalPath);
    }

    private bool NotLonger(string shortPath, TimeSpan shorter, string longPath, TimeSpan longer) => Refuse(
        shorter > longer,
        $"'{shortPath}' ({Durations.Text(shorter)}) is longer than '{longPath}' ({Durations.Text(longer)})",
        shortPath,
        longPath);

    /// <summary>Complains at the first of the paths that the file gives, unless one of them is damaged anyway.</summary>
    private bool Refuse(bool broken, string message, params string[] paths)
    {
        if (!broken || !paths.All(mistakes.IsSound))
            return broken;
        var (path, at) = paths.Select(path => (path, Find(path)?.At)).FirstOrDefault(place => place.At is not null);
        mistakes.Add(at ?? root.At, path ?? paths[0], message, paths.All(given => Find(given) is not null) ? null : "what the file does not give has its default");
        return true;
    }

    private YamlValue? Find(string path)
    {
        var value = root;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.'))
        {
            value = (value, step) switch
            {
                (YamlMapping mapping, _) => mapping.Entries.GetValueOrDefault(step)?.Value,
                (YamlSequence list, ['[', .. var index, ']']) => list.Items[int.Parse(index, CultureInfo.InvariantCulture)],
                _ => null,
            };
        }

        return value;
    }
}
