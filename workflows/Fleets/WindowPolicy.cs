namespace Refresh.Workflows.Fleets;

/// <summary>What a run does when a patch window ends before it is done.</summary>
public enum WindowEnd
{
    /// <summary>It waits, and goes on in the next window.</summary>
    Wait,

    /// <summary>It ends; what is done stays done.</summary>
    Cancel,
}

/// <summary>How a run keeps to patch windows (reference: windows). A pair that is under way always ends; no other is begun that could not.</summary>
public sealed record WindowPolicy
{
    /// <summary>What happens when no further pair fits into the window. Default: wait.</summary>
    public WindowEnd AtEnd { get; init; } = WindowEnd.Wait;

    /// <summary>The least time that a member is reckoned to take; what was measured counts where it is longer. Null: only what was measured.</summary>
    public TimeSpan? Estimate { get; init; }
}
