namespace Refresh.Simulation.Bugs;

/// <summary>Every bug that is planted, and what it must break: one that is found by something else is not found.</summary>
internal static class BugList
{
    public static readonly IReadOnlyList<Planted> All =
    [
        new(new PeerRotationNotAsked(), "promise 1", "is drained, and"),
        new(new PeerCheckNotAsked(), "promise 1", "is drained, and"),
        new(new PeerProbeNotAsked(), "promise 1", "is drained, and"),
        new(new ClaimNotAsked(), "promise 1", "another run claims it"),
        new(new DrainNotCheckedAgain(), "promise 1", "is drained, and"),
        new(new RotationNotReadBeforeRebuild(), "promise 1", "is rebuilt while it is"),
        new(new PeerNotWatched(), "promise 1", "lives and stays out"),
        new(new SoakSkipped(), "promise 3", "came back, and it soaks"),
        new(new NoSoakOnTheWayBack(), "promise 3", "came back, and it soaks"),
        new(new BakeSkipped(), "bake", "soaks and bakes"),
        new(new ApprovalSkipped(), "approval", "nobody has approved"),
        new(new BudgetIgnored(), "failure budget", "is begun"),
        new(new TooManyPairsAtOnce(), "promise 10", "pairs are reduced at once"),
        new(new PlanNotGuarded(), "promise 7", "touches another VM"),
        new(new FoldForgetsAway(), "promise 8", "is out by our doing"),
        new(new FoldForgetsTouched(), "promise 4", "the run is rolled back, and"),
        new(new FoldForgetsRebuildBegan(), "promise 2", "while it is being rebuilt"),
        new(new FoldForgetsRecordedImage(), "promise 4", "runs"),
        new(new FoldForgetsFrozenPairs(), "failure budget", "is begun"),
        new(new WaitsWithoutReason(), "promise 9", "waits and does not say why"),
        new(new FreezesWithoutReason(), "promise 9", "is frozen and does not say why"),
        new(new RebuildRepeatedBlindly(), "promise 5", "what became of the one before is not known"),
        new(new IntentsCarriedOutAgain(), "promise 5", "what became of the one before is not known"),
        new(new RecoveryTakesNewForOld(), "promise 2", "is put in rotation"),
        new(new FailedMeansUntouched(), "promise 2", "while it is being rebuilt"),
        new(new RejoinNotProvedAnew(), "promise 2", "has not heard what"),
        new(new ActsBeforeJournal(), "promise 5", "the journal has no intent of it"),
        new(new FenceNotAsked(), "promise 6", "the fleet is owned by epoch"),
        new(new EpochNotCompared(), "promise 6", "the fleet is owned by epoch"),
        new(new RequestsNotStruck(), "promise 6", "is answered twice"),
        new(new ImageNotProved(), "promise 2", "is put in rotation with"),
        new(new OneProbeIsEnough(), "promise 2", "healthy probes in a row"),
        new(new NothingProved(), "promise 2", "has not heard what"),
        new(new OldMachinePasses(), "promise 2", "the machine id that it had before"),
        new(new RejoinNotGiven(), "promise 8", "the run does not know"),
        new(new RejoinBeforeProof(), "promise 5", "a rejoin of"),
        new(new FailedRejoinPassesForOne(), "promise 8", "the run does not know"),
        new(new RevocationNotHeard(), "revoked image", "has not heard of it"),
        new(new RevocationIgnored(), "revoked image", "is begun although its image is revoked"),
        new(new RevokedImageMadeAgain(), "revoked image", "from a revoked image is decided"),
        new(new RecoveryProvedOnce(), "promise 6", "gives a recover of"),
        new(new UnsureRebuildNotFoundOut(), "promise 5", "what became of the one before is not known"),
        new(new LeftOutNotCalledBack(), "promise 1", "lives and stays out"),
        new(new HoldNotGiven(), "promise 1", "is rebuilt while it is Draining"),
        new(new SessionsNotWaitedFor(), "promise 1", "nobody said to cut them"),
        new(new SessionsCutUnasked(), "promise 1", "the policy says that it returns"),
    ];
}

/// <summary>A bug, and how it shows.</summary>
/// <param name="Bug">The bug.</param>
/// <param name="Promise">The promise that it breaks.</param>
/// <param name="Says">What the observer says of it, among other words.</param>
internal sealed record Planted(PlantedBug Bug, string Promise, string Says)
{
    public string Name => Bug.Name;

    /// <summary>Whether this is what the bug was to break.</summary>
    public bool IsFoundBy(string broken) => broken.StartsWith(Promise + ":", StringComparison.Ordinal) && broken.Contains(Says, StringComparison.Ordinal);
}
