namespace Refresh.Workflows.Fleets;

/// <summary>How a run goes about a fleet: what it may do at once, how long it waits, when it stops.</summary>
public sealed record RefreshPolicy
{
    /// <summary>The pairs that go first, and how long they are watched.</summary>
    public CanaryPolicy Canary { get; init; } = new();

    /// <summary>How the pairs after the canaries are grouped.</summary>
    public WavePolicy Waves { get; init; } = new();

    /// <summary>How much may fail before no further pair is begun.</summary>
    public FailureBudget FailureBudget { get; init; } = new();

    /// <summary>How the pair rule is waited for.</summary>
    public GuardPolicy Guard { get; init; } = new();

    /// <summary>How a member is emptied.</summary>
    public DrainPolicy Drain { get; init; } = new();

    /// <summary>How a VM is replaced.</summary>
    public RebuildPolicy Rebuild { get; init; } = new();

    /// <summary>How a rebuilt VM is proved.</summary>
    public VerifyPolicy Verify { get; init; } = new();

    /// <summary>How a member is put back in rotation.</summary>
    public RejoinPolicy Rejoin { get; init; } = new();

    /// <summary>How a member is watched after it rejoined.</summary>
    public SoakPolicy Soak { get; init; } = new();

    /// <summary>How the peer is watched while a member is away.</summary>
    public WatchPolicy Watch { get; init; } = new();

    /// <summary>What becomes of a member that is found powered off. Default: it is refreshed like any other and put in rotation.</summary>
    public DormantAction Dormant { get; init; }

    /// <summary>How a run keeps to patch windows; null when the fleet has none and may be worked on at any time.</summary>
    public WindowPolicy? Windows { get; init; }

    /// <summary>Whether a run waits for a person's approval before it begins. Default: no.</summary>
    public bool ApprovalRequired { get; init; }

    /// <summary>Whether who asked for a run may not be the one who approves it. Default: they may.</summary>
    public bool FourEyes { get; init; }
}

/// <summary>What becomes of a member that is found powered off.</summary>
public enum DormantAction
{
    /// <summary>It is refreshed like any other, and serves afterwards.</summary>
    Wake,

    /// <summary>It is refreshed out of rotation, proved, and powered off again; its peer is left as it is, since nobody would carry its load.</summary>
    Refresh,

    /// <summary>Nothing is done to it, nor to its peer.</summary>
    Leave,

    /// <summary>No run begins while there is one.</summary>
    Refuse,
}

/// <summary>The first pairs of a run.</summary>
public sealed record CanaryPolicy
{
    /// <summary>How many pairs go first; 0 for none. Default 1.</summary>
    public int Pairs { get; init; } = 1;

    /// <summary>How long the canaries are watched before the first wave begins. Default 5 minutes.</summary>
    public TimeSpan Bake { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>The pairs that a run may work on together.</summary>
public sealed record WavePolicy
{
    /// <summary>Pairs in a wave; 0 puts all the rest in one. Default 0.</summary>
    public int Size { get; init; }

    /// <summary>How many pairs are worked on at once, at least 1. Default 4.</summary>
    public int MaxPairsAtOnce { get; init; } = 4;

    /// <summary>How long the pairs of a wave are watched before the next wave begins, or the run ends. Default none.</summary>
    public TimeSpan Bake { get; init; } = TimeSpan.Zero;
}

/// <summary>How much may fail before no further pair is begun. A failed canary always ends the run.</summary>
public sealed record FailureBudget
{
    /// <summary>Frozen pairs that are put up with. Default 0: the first one stops the run.</summary>
    public int Pairs { get; init; }

    /// <summary>Failed members that are put up with. Default 0.</summary>
    public int Members { get; init; }
}

/// <summary>Waiting until a member may leave rotation.</summary>
public sealed record GuardPolicy
{
    /// <summary>How long the pair rule may refuse before the pair is frozen, untouched. Default 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time between two looks. Default 5 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Facts older than this decide nothing. Default 15 seconds.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>What becomes of a member that does not empty in time.</summary>
public enum DrainTimeoutAction
{
    /// <summary>It rejoins, since it still lives, and the pair is frozen.</summary>
    Return,

    /// <summary>What is still open is cut, and the rebuild goes on.</summary>
    Cut,
}

/// <summary>Emptying a member.</summary>
public sealed record DrainPolicy
{
    /// <summary>How long a member may take to finish its work. Default 5 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time between two counts of open sessions. Default 1 second.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Counts of zero in a row that prove a member empty. Default 3 (reference: load-balancers, pitfall 5).</summary>
    public int EmptyPolls { get; init; } = 3;

    /// <summary>What becomes of a member that does not empty in time. Default: it rejoins.</summary>
    public DrainTimeoutAction OnTimeout { get; init; } = DrainTimeoutAction.Return;
}

/// <summary>Replacing a VM.</summary>
public sealed record RebuildPolicy
{
    /// <summary>How long preview and rebuild may take together. Default 30 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a rebuild is tried again after it was observed not to have happened. Default 1.</summary>
    public int Retries { get; init; } = 1;
}

/// <summary>Proving a rebuilt VM.</summary>
public sealed record VerifyPolicy
{
    /// <summary>How long a VM may take to boot and become healthy. Default 10 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Healthy probes in a row that prove it healthy. Default 3.</summary>
    public int Passes { get; init; } = 3;

    /// <summary>Time between two probes. Default 2 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Putting a member back in rotation.</summary>
public sealed record RejoinPolicy
{
    /// <summary>How long the balancer may take to send it its full share. Default 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Watching a member after it rejoined.</summary>
public sealed record SoakPolicy
{
    /// <summary>How long. Default 1 minute.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time between two looks. Default 2 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bad looks in a row that fail the soak. Default 3.</summary>
    public int BadLooks { get; init; } = 3;
}

/// <summary>Watching the peer while a member is away (promise 1).</summary>
public sealed record WatchPolicy
{
    /// <summary>Time between two looks. Default 1 second.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bad looks in a row that call the drained member back. Default 2.</summary>
    public int BadLooks { get; init; } = 2;
}
