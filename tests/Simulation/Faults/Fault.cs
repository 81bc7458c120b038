namespace Refresh.Simulation.Faults;

/// <summary>What may go wrong, or be done behind our back, in the simulated world.</summary>
internal enum Fault
{
    // The network, for every call to the world.
    AnswerSlow,
    CallLost,
    AnswerLost,
    CallRepeated,
    CallRefused,

    // The load balancer.
    PartialDrain,
    SessionsHang,
    SessionsFlicker,
    WarmUpSlow,
    CheckFailsAtRejoin,

    // Health, and what lies about it.
    MemberSick,
    MemberDown,
    BalancerLies,
    ProbeLies,
    PeerDiesAtDecision,
    PeerDiesAtDrain,
    PeerDiesAtHold,
    PeerDiesAtRebuild,

    // The provisioner and what it makes.
    PreviewFails,
    PreviewTouchesPeer,
    RebuildFailsBefore,
    RebuildFailsHalfway,
    RebuildDoesNothing,
    RebuildOverdue,
    RebuildUnheard,
    LockLost,
    ProvisionerKilled,
    RecoverFails,
    BootsSick,
    BootsSlow,
    WrongImage,
    SameMachineId,
    GuestSilent,
    ImageUnreadable,
    ImageRevoked,
    ImageRevokedAtRebuild,

    // The journal, the clock and the calendar.
    JournalSlow,
    JournalUnavailable,
    JournalAckLost,
    ClockForward,
    ClockBack,
    CalendarUnreadable,

    // The workers.
    WorkerKilled,
    WorkerKilledAtEffect,
    WorkerStopped,
    WorkerStoppedAtRecovery,
    SecondWorker,
    LeftSafely,

    // People, and other runs.
    Asked,
    AskedTwice,
    DrainedByHand,
    PutInByHand,
    PutInAtPreview,
    ClaimedByOther,
}
