using System.Text.Json.Serialization;

namespace Refresh.Lab.Client;

/// <summary>Asks for a VM to be replaced by a clone of an image, in place: same name, same address.</summary>
/// <param name="Image"><c>name@version</c>, or a name for its newest build.</param>
/// <param name="Digest">Refuse unless the image has this digest; null for any.</param>
/// <param name="ExpectedId">Refuse unless the VM still has this id; null for any.</param>
public sealed record CloneRequest(string Image, string? Digest = null, string? ExpectedId = null);

/// <summary>Asks for a VM that is not there yet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Image"><c>name@version</c>, or a name for its newest build.</param>
/// <param name="Host">An address in 127.0.0.0/8.</param>
/// <param name="Port">The port that its guest serves on.</param>
/// <param name="Pair">The pair that it is for, or null.</param>
/// <param name="Member">Its name in that pair, or null.</param>
/// <param name="Digest">Refuse unless the image has this digest; null for any.</param>
public sealed record CreateRequest(string Name, string Image, string Host, int Port, string? Pair = null, string? Member = null, string? Digest = null);

/// <summary>What to do with a VM's power.</summary>
[JsonConverter(typeof(KebabCase<PowerAction>))]
public enum PowerAction
{
    /// <summary>Boot it from its disk.</summary>
    On,

    /// <summary>Let it finish what it has begun, then stop it.</summary>
    Off,

    /// <summary>Kill it.</summary>
    Crash,
}

/// <summary>Asks for a VM to be switched.</summary>
/// <param name="Power">What to do.</param>
public sealed record PowerRequest(PowerAction Power);

/// <summary>Asks for something to go wrong.</summary>
/// <param name="Vm">The VM's name, or <c>*</c> for any.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Count">For how many clones; at least 1.</param>
/// <param name="Ms">Milliseconds, for those kinds that take time.</param>
/// <param name="Now">Whether it befalls the running guest now, rather than the next clones: boots-sick, slow, flaps and dies-later only.</param>
public sealed record FaultRequest(string Vm, LabFaultKind Kind, int Count = 1, int? Ms = null, bool Now = false);

/// <summary>A problem+json of the lab (RFC 9457).</summary>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Code">A stable name for programs, in kebab case.</param>
/// <param name="Next">What to do next.</param>
public sealed record LabProblem(string Title, int Status, string Detail, string Code, string Next);
