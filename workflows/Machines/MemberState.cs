namespace Refresh.Workflows.Machines;

/// <summary>Where a member stands. The names are part of the journal's format.</summary>
public enum MemberState
{
    /// <summary>Not begun, or stood down before anything was done to it.</summary>
    Pending,

    /// <summary>Waits until the pair rule lets it leave rotation.</summary>
    Guarding,

    /// <summary>Gets no new work and finishes what it has.</summary>
    Draining,

    /// <summary>Its VM is being replaced.</summary>
    Rebuilding,

    /// <summary>The new VM is being proved.</summary>
    Verifying,

    /// <summary>Proved, on its way back into rotation.</summary>
    Rejoining,

    /// <summary>Was drained but not rebuilt, and goes back into rotation as it was.</summary>
    Returning,

    /// <summary>Proved, and found powered off: goes off again, out of rotation.</summary>
    PoweringOff,

    /// <summary>Back in rotation and watched.</summary>
    Soaking,

    /// <summary>Runs the golden image, and there is evidence.</summary>
    Refreshed,

    /// <summary>Ran the golden image already and served: needed nothing.</summary>
    Current,

    /// <summary>Is left as it was found: it is powered off, or its peer is.</summary>
    Left,

    /// <summary>A step failed; it is left as it is.</summary>
    Failed,

    /// <summary>Is to go back to the image that was recorded for it.</summary>
    Reverting,

    /// <summary>Runs the image that was recorded for it, and there is evidence.</summary>
    Reverted,
}

/// <summary>What moves a member on. The names are part of the journal's format.</summary>
public enum MemberTrigger
{
    /// <summary>Its turn has come.</summary>
    Begin,

    /// <summary>It runs the image that it should, and serves.</summary>
    FoundCurrent,

    /// <summary>It is powered off, and the fleet file says to leave it so.</summary>
    FoundOff,

    /// <summary>The pair rule lets it leave.</summary>
    Allow,

    /// <summary>Nothing was done to it, and nothing is to be for now.</summary>
    StandDown,

    /// <summary>The pair rule no longer held immediately before the drain; nothing was done.</summary>
    Refuse,

    /// <summary>Its work is done and it is held out.</summary>
    Emptied,

    /// <summary>It was drained, still lives, and is to rejoin unchanged.</summary>
    Return,

    /// <summary>It is back in rotation unchanged.</summary>
    Returned,

    /// <summary>Its VM was observed to be another one.</summary>
    Rebuilt,

    /// <summary>It is proved new, on the image, and healthy.</summary>
    Verified,

    /// <summary>It is proved as any other, and was found powered off: it is to be off again.</summary>
    VerifiedOff,

    /// <summary>It was observed to be off.</summary>
    PoweredOff,

    /// <summary>The worker was lost while it rejoined: prove it again.</summary>
    Interrupted,

    /// <summary>The balancer sends it its full share.</summary>
    Rejoined,

    /// <summary>It stayed good for the whole soak.</summary>
    Soaked,

    /// <summary>A step failed.</summary>
    Fail,

    /// <summary>It is to go back to its recorded image.</summary>
    Revert,
}
