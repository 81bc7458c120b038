using Refresh.Workflows.Facts;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Evidence;

/// <summary>Runs of a small fleet, each with another end.</summary>
internal static class Sample
{
    public static ScriptedRun Success(int pairs = 4) => new ScriptedRun(ScriptedRun.FleetOf(pairs)).Begin().Continue();

    /// <summary>The new VM of web-2/a never gets healthy.</summary>
    public static ScriptedRun Frozen() => new ScriptedRun(ScriptedRun.FleetOf(4))
    {
        Instead = (intent, facts) => intent is Verify { Member: { Pair: "web-2", Name: "a" } }
            ? new Examined(new VerificationFacts(ScriptedWorld.Image, facts.Member.Vm, facts.Member.Guest, 0, new ProbeFacts(false, "GET /health: 503", facts.Member.Vm!.At), []))
            : null,
    }.Begin().Continue();

    /// <summary>The worker is lost in the middle of the first rebuild, which came to nothing.</summary>
    public static ScriptedRun Resumed() => new ScriptedRun(ScriptedRun.FleetOf(2))
        .Begin()
        .Continue(happened => happened is IntentRecorded { Intent: Rebuild })
        .LoseWorker(TimeSpan.FromSeconds(20))
        .Continue();

    /// <summary>The image is revoked before anything was rebuilt: nothing freezes.</summary>
    public static ScriptedRun Revoked() => new ScriptedRun(ScriptedRun.FleetOf(2))
        .Begin()
        .Revoke()
        .Continue();

    /// <summary>All is refreshed, and then taken back.</summary>
    public static ScriptedRun RolledBack() => new ScriptedRun(ScriptedRun.FleetOf(2))
        .Begin()
        .Continue()
        .Ask(RequestKind.Rollback, why: "checkout is slow")
        .Continue();
}
