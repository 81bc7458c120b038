namespace Refresh.Benchmarks.Soaking;

/// <summary>What befalls a run. None of these may cost a request: a failed one is a finding.</summary>
internal enum SoakFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The worker is killed with SIGKILL, and the run resumed.</summary>
    Killed,

    /// <summary>The worker is stopped with SIGSTOP until another one has taken the run over, and wakes up late.</summary>
    Slept,

    /// <summary>Ctrl-C, then the run is resumed.</summary>
    Interrupted,

    /// <summary>A clone fails halfway, with the old VM gone.</summary>
    CloneFails,

    /// <summary>The call that asks for a clone is cut off, and the clone succeeds.</summary>
    CloneSucceedsLate,

    /// <summary>The new guest answers late.</summary>
    SlowGuest,
}
