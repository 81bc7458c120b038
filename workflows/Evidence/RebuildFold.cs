using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Evidence;

/// <summary>The rebuilds of one member: each try, and what was found to have become of it.</summary>
internal sealed class RebuildFold
{
    private readonly List<RebuildTry> _tries = [];

    public IReadOnlyList<RebuildTry> All => _tries;

    public TimeSpan? LastThatHappened => _tries.FindLast(rebuild => rebuild.Happened) is { } last ? last.To - last.From : null;

    public void Begin(Rebuild rebuild, DateTimeOffset at) =>
        _tries.Add(new RebuildTry(rebuild.Image.Label, at, null, false, false, null, null, []));

    public void Rebuilt(Rebuild rebuild, VmFacts vm, DateTimeOffset at) =>
        Change(last => last with { To = at, Happened = vm.Identity is { } now && now != rebuild.Plan.Before.Identity });

    public void Failed(Reason why, DateTimeOffset at) => Change(last => last with { To = at, Failure = why });

    public void WorkerLost() => Change(last => last with { WorkerLost = true });

    public void Climbed(string rung) => Change(last => last with { Rungs = [.. last.Rungs, rung] });

    // What was told as it came is not told again.
    public void Recovered(RebuildRecovery recovery, DateTimeOffset at) => Change(last => last with
    {
        To = at,
        Happened = recovery.Fate == RebuildFate.Happened,
        Fate = recovery.Fate,
        Rungs = [.. last.Rungs, .. recovery.Rungs.Except(last.Rungs, StringComparer.Ordinal)],
    });

    private void Change(Func<RebuildTry, RebuildTry> change)
    {
        if (_tries.Count > 0)
            _tries[^1] = change(_tries[^1]);
    }
}
