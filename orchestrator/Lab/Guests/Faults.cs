using Refresh.Lab.Client;

namespace Refresh.Lab.Guests;

/// <summary>What faults do to a guest.</summary>
internal static class Faults
{
    private const int DefaultSlowMs = 1000;
    private const int DefaultFlapMs = 500;
    private const int DefaultDeathMs = 2000;

    /// <summary>Whether a fault can befall a guest that runs already.</summary>
    public static bool BefallsRunningGuests(this LabFaultKind kind) =>
        kind is LabFaultKind.BootsSick or LabFaultKind.Slow or LabFaultKind.Flaps or LabFaultKind.DiesLater;

    public static GuestBehaviour With(this GuestBehaviour behaviour, LabFault fault) => fault.Kind switch
    {
        LabFaultKind.BootsNever => behaviour with { NeverBoots = true },
        LabFaultKind.BootsSick => behaviour with { Sick = true },
        LabFaultKind.Slow => behaviour with { SlowMs = fault.Ms ?? DefaultSlowMs },
        LabFaultKind.Flaps => behaviour with { FlapMs = fault.Ms ?? DefaultFlapMs },
        LabFaultKind.DiesLater => behaviour with { DiesAfterMs = fault.Ms ?? DefaultDeathMs },
        _ => behaviour,
    };
}
