using System.Text.Json.Serialization;

namespace Refresh.Lab.Client;

/// <summary>What can be made to go wrong.</summary>
[JsonConverter(typeof(KebabCase<LabFaultKind>))]
public enum LabFaultKind
{
    /// <summary>The clone ends with an error halfway; the old VM is gone by then.</summary>
    CloneFails,

    /// <summary>The clone stands still halfway until its faults are cleared.</summary>
    CloneHangs,

    /// <summary>The call that asks for the clone is cut off; the clone itself succeeds.</summary>
    CloneSucceedsLate,

    /// <summary>The disk is another image's, though the lab says it is the one that was asked for.</summary>
    WrongImage,

    /// <summary>The guest's process runs and never listens.</summary>
    BootsNever,

    /// <summary>The guest answers its health check with 503.</summary>
    BootsSick,

    /// <summary>The guest answers everything late.</summary>
    Slow,

    /// <summary>The guest's health changes to and fro.</summary>
    Flaps,

    /// <summary>The guest's process ends some time after its boot.</summary>
    DiesLater,
}

/// <summary>A fault that waits for the next clones of a VM.</summary>
/// <param name="Vm">The VM's name, or <c>*</c> for any.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Count">For how many clones more.</param>
/// <param name="Ms">Milliseconds, for those kinds that take time: slow (default 1000), flaps (500), dies-later (2000).</param>
public sealed record LabFault(string Vm, LabFaultKind Kind, int Count, int? Ms);
