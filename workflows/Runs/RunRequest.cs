namespace Refresh.Workflows.Runs;

/// <summary>What a person, a schedule or a chat may ask of a run.</summary>
public enum RequestKind
{
    /// <summary>Let a run begin that waits for approval.</summary>
    Approve,

    /// <summary>Begin no further member; what is away comes back first.</summary>
    Pause,

    /// <summary>Go on after a pause.</summary>
    Resume,

    /// <summary>End the run; what is away comes back first.</summary>
    Cancel,

    /// <summary>Take every member that was touched back to the image recorded for it (promise 4).</summary>
    Rollback,
}

/// <summary>A request to a run, delivered to its worker through the journal.</summary>
/// <param name="Id">A unique id: a request that is delivered twice acts once.</param>
/// <param name="Run">The run that is asked.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="By">Who asks.</param>
/// <param name="Why">The reason that was given; may be empty.</param>
/// <param name="At">When it was asked.</param>
/// <param name="From">Where it came from, for example an address; null when it was asked on the worker's own machine.</param>
public sealed record RunRequest(string Id, string Run, RequestKind Kind, string By, string Why, DateTimeOffset At, string? From = null);
