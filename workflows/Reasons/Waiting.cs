using Refresh.Workflows.Fleets;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Reasons;

/// <summary>Why anything of a run waits, and what would end it (promise 9). A projection of the run: it decides nothing and knows nothing of workers.</summary>
public static class Waiting
{
    /// <summary>Why the run as a whole waits.</summary>
    /// <param name="run">The run.</param>
    /// <returns>Every reason; none when it goes on by itself at this moment, or has ended.</returns>
    public static IReadOnlyList<Reason> Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return RunWaiting.Of(run) is { } reason ? [reason] : [];
    }

    /// <summary>Why a pair waits, or why it was left as it is.</summary>
    /// <param name="run">The run.</param>
    /// <param name="pair">The pair's name.</param>
    /// <returns>Every reason; none when one of its members is being worked on, when it is done, or when it is begun next.</returns>
    public static IReadOnlyList<Reason> Of(Run run, string pair)
    {
        ArgumentNullException.ThrowIfNull(run);
        return PairWaiting.Of(run, run.Pairs[pair]) is { } reason ? [reason] : [];
    }

    /// <summary>Why a member waits, what its step waits for, or why it failed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="member">The member.</param>
    /// <returns>Every reason; none when it is done, or is looked at for the first time.</returns>
    public static IReadOnlyList<Reason> Of(Run run, MemberId member)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [.. MemberWaiting.Of(run, run.Pairs[member.Pair], run.Get(member))];
    }
}
