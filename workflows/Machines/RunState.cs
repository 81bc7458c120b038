namespace Refresh.Workflows.Machines;

/// <summary>Where a run stands. The names are part of the journal's format.</summary>
public enum RunState
{
    /// <summary>Planned, and not begun.</summary>
    Planned,

    /// <summary>Waits until a person approves it.</summary>
    AwaitingApproval,

    /// <summary>Waits for a patch window; nothing is under way.</summary>
    Waiting,

    /// <summary>Pairs are being refreshed.</summary>
    Running,

    /// <summary>No further member is begun until it is resumed.</summary>
    Paused,

    /// <summary>Ends as soon as every member that is away is back.</summary>
    Cancelling,

    /// <summary>What was touched goes back to its recorded image.</summary>
    RollingBack,

    /// <summary>Every pair is refreshed or needed nothing.</summary>
    Succeeded,

    /// <summary>It ended with frozen pairs.</summary>
    Failed,

    /// <summary>It ended because somebody asked.</summary>
    Cancelled,

    /// <summary>All that was touched runs its recorded image again.</summary>
    RolledBack,
}

/// <summary>What moves a run on. The names are part of the journal's format.</summary>
public enum RunTrigger
{
    /// <summary>It may begin.</summary>
    Start,

    /// <summary>It needs a person's approval first.</summary>
    AskApproval,

    /// <summary>A person approved it.</summary>
    Approve,

    /// <summary>Begin no further member.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>End safely.</summary>
    Cancel,

    /// <summary>Take back what was touched.</summary>
    Rollback,

    /// <summary>Nothing is left to do, and nothing failed.</summary>
    Complete,

    /// <summary>Nothing more may be begun, nothing is under way, and something failed.</summary>
    GiveUp,

    /// <summary>Nothing is under way any more.</summary>
    Quiet,

    /// <summary>No patch window is open that the next pair fits into.</summary>
    WindowClosed,

    /// <summary>A patch window is open again.</summary>
    WindowOpened,
}
