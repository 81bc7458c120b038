namespace Refresh.Workflows.Tests.Simulation;

/// <summary>What may go wrong in the simulated world.</summary>
internal enum Fault
{
    WorkerLostBeforeCommit,
    WorkerLostAfterCommit,
    WorkerLostAnytime,
    OutcomeLost,
    ProvisionerGoesOnAlone,
    LateEffect,
    LookFails,
    GuestUnread,
    BalancerUnread,
    ClaimedByOther,
    DrainFails,
    DrainHangs,
    PreviewFails,
    PreviewTouchesPeer,
    RebuildFailsBefore,
    RebuildFailsHalfway,
    RebuildFailsAfter,
    RebuildDoesNothing,
    RebuildTooSlow,
    RecoverFails,
    BootsSick,
    WrongImage,
    SameMachineId,
    RejoinFails,
    WatchFails,
    MemberGoesBad,
    DrainedByHand,
}
