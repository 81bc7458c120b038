namespace Refresh.Workflows.Ports;

/// <summary>Something that people are told.</summary>
/// <param name="Id">Its id: what is told twice has the same.</param>
/// <param name="Kind">What happened, one of <see cref="NoticeKind"/>.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Fleet">The fleet.</param>
/// <param name="Text">What happened, in words.</param>
/// <param name="By">Who asked for it; empty where nobody did.</param>
public sealed record Notice(string Id, string Kind, NoticeLevel Level, string Fleet, string Text, string By)
{
    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The run; null where there is none.</summary>
    public string? Run { get; init; }

    /// <summary>The image, <c>name@version</c>.</summary>
    public string? Image { get; init; }

    /// <summary>The run's state, by its persisted name.</summary>
    public string? State { get; init; }

    /// <summary>Why, where there is more to say.</summary>
    public string? Why { get; init; }

    /// <summary>The pair that it is about.</summary>
    public string? Pair { get; init; }

    /// <summary>The member that it is about.</summary>
    public string? Member { get; init; }

    /// <summary>How many pairs are done, of how many, for example <c>3 of 10</c>.</summary>
    public string? Pairs { get; init; }
}

/// <summary>How much a notice matters.</summary>
public enum NoticeLevel
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Somebody is waited for, or should look.</summary>
    Warn,

    /// <summary>Something failed.</summary>
    Error,
}

/// <summary>What people can be told. The names are what settings, templates and receivers of events go by.</summary>
public static class NoticeKind
{
    /// <summary>How a run stands now: edited, where a channel can.</summary>
    public const string Status = "run.status";

    /// <summary>A run was planned and begins.</summary>
    public const string RunBegun = "run.begun";

    /// <summary>A run waits for approval.</summary>
    public const string ApprovalNeeded = "run.approval-needed";

    /// <summary>A run waits for a patch window.</summary>
    public const string RunWaiting = "run.waiting";

    /// <summary>A run goes on.</summary>
    public const string RunRunning = "run.running";

    /// <summary>A run is paused.</summary>
    public const string RunPaused = "run.paused";

    /// <summary>A run is being cancelled.</summary>
    public const string RunCancelling = "run.cancelling";

    /// <summary>A run goes back.</summary>
    public const string RunRollingBack = "run.rolling-back";

    /// <summary>A run succeeded.</summary>
    public const string RunSucceeded = "run.succeeded";

    /// <summary>A run failed.</summary>
    public const string RunFailed = "run.failed";

    /// <summary>A run was cancelled.</summary>
    public const string RunCancelled = "run.cancelled";

    /// <summary>A run was rolled back.</summary>
    public const string RunRolledBack = "run.rolled-back";

    /// <summary>A run begins no further member: a canary failed, or the failure budget is spent.</summary>
    public const string RunHalted = "run.halted";

    /// <summary>Another worker took a run over.</summary>
    public const string RunTakenOver = "run.taken-over";

    /// <summary>A request was taken up or turned down.</summary>
    public const string RunAsked = "run.asked";

    /// <summary>A wave began.</summary>
    public const string WaveBegun = "wave.begun";

    /// <summary>Both members of a pair are done.</summary>
    public const string PairRefreshed = "pair.refreshed";

    /// <summary>A step failed; the pair is left as it is, for a person.</summary>
    public const string PairFrozen = "pair.frozen";

    /// <summary>A member may not leave rotation yet, or is away while its peer is bad.</summary>
    public const string MemberWaiting = "member.waiting";

    /// <summary>The image of a run was revoked.</summary>
    public const string ImageRevoked = "image.revoked";

    /// <summary>An image was published, and somebody may start a run to it.</summary>
    public const string ImageProposed = "image.proposed";

    /// <summary>An image was published, and a fleet could not be refreshed to it.</summary>
    public const string ImageRefused = "image.refused";

    /// <summary>An audit found something that the one before did not, or no more what it did.</summary>
    public const string AuditChanged = "audit.changed";

    /// <summary>The answer to a command that took longer than its chat waits. It goes to the channel that the settings name for it, and no settings name it as an event.</summary>
    public const string Answer = "chat.answer";

    /// <summary>All that settings can name.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        RunBegun, ApprovalNeeded, RunWaiting, RunRunning, RunPaused, RunCancelling, RunRollingBack, RunSucceeded, RunFailed, RunCancelled, RunRolledBack,
        RunHalted, RunTakenOver, RunAsked, WaveBegun, PairRefreshed, PairFrozen, MemberWaiting, ImageRevoked, ImageProposed, ImageRefused, AuditChanged,
    ];
}
