namespace Refresh.Simulation.Bugs;

/// <summary>Every bug that is planted.</summary>
internal static class BugList
{
    public static readonly IReadOnlyList<PlantedBug> All =
    [
        new PeerRotationNotAsked(), new PeerCheckNotAsked(), new PeerProbeNotAsked(), new ClaimNotAsked(), new DrainNotCheckedAgain(),
        new RotationNotReadBeforeRebuild(), new PeerNotWatched(), new SoakSkipped(), new TooManyPairsAtOnce(), new PlanNotGuarded(),
        new FoldForgetsAway(), new FoldForgetsTouched(), new FoldForgetsRebuildBegan(), new FoldForgetsRecordedImage(), new FoldForgetsFrozenPairs(),
        new WaitsWithoutReason(), new FreezesWithoutReason(),
        new RebuildRepeatedBlindly(), new IntentsCarriedOutAgain(), new RecoveryTakesNewForOld(), new FailedMeansUntouched(),
        new ActsBeforeJournal(), new FenceNotAsked(), new EpochNotCompared(), new RequestsNotStruck(),
        new ImageNotProved(), new OneProbeIsEnough(), new NothingProved(), new RejoinNotGiven(), new RejoinBeforeProof(), new FailedRejoinPassesForOne(),
        new RevocationNotHeard(), new RevocationIgnored(), new RevokedImageMadeAgain(),
        new RecoveryProvedOnce(), new UnsureRebuildNotFoundOut(), new LeftOutNotCalledBack(),
        new HoldNotGiven(), new SessionsNotWaitedFor(), new SessionsCutUnasked(),
    ];
}
