using System.Text.Json.Serialization;

namespace Refresh.Lab.Client;

/// <summary>What a VM of the lab is doing.</summary>
[JsonConverter(typeof(KebabCase<LabPower>))]
public enum LabPower
{
    /// <summary>Its guest's process runs.</summary>
    On,

    /// <summary>It has a disk and no running guest.</summary>
    Off,

    /// <summary>An operation on it goes on.</summary>
    Changing,

    /// <summary>It has a name and an address, and nothing there: a clone deleted the old VM and made no new one.</summary>
    Missing,
}

/// <summary>A VM of the lab.</summary>
/// <param name="Name">Its name; a clone keeps it.</param>
/// <param name="Pair">The pair that it was made for, or null.</param>
/// <param name="Member">Its name in that pair, or null.</param>
/// <param name="Host">Its address; a clone keeps it.</param>
/// <param name="Port">The port that its guest serves on.</param>
/// <param name="Id">Another one after every clone; null while there is no VM.</param>
/// <param name="Handle">A second id, for example <c>vm-17</c>; another one after every clone.</param>
/// <param name="Image">The image that it was asked to be cloned from, <c>name@version</c>.</param>
/// <param name="Digest">That image's digest. What is truly on the disk, the guest says.</param>
/// <param name="Power">What it is doing.</param>
/// <param name="Pid">The process of its guest, while it runs.</param>
/// <param name="Detail">The lab's own words about it, for example how its guest ended.</param>
public sealed record LabVm(
    string Name,
    string? Pair,
    string? Member,
    string Host,
    int Port,
    string? Id,
    string? Handle,
    string? Image,
    string? Digest,
    LabPower Power,
    int? Pid,
    string Detail);
