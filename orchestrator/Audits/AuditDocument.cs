using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Facts;

namespace Refresh.Orchestrator.Audits;

/// <summary>An audit as JSON: what every member runs, and what was found.</summary>
/// <param name="Format">Its form, <see cref="AuditDocument.Name"/>.</param>
/// <param name="At">When it was made.</param>
/// <param name="MaxImageAgeSeconds">How old an image may be.</param>
/// <param name="MaxAwaySeconds">How long a member may be out of rotation.</param>
/// <param name="Fleets">The fleets with their members.</param>
/// <param name="Findings">What was found, the greatest risk first.</param>
/// <param name="Since">What changed since an earlier audit; null if none was given.</param>
public sealed record AuditDocument(
    string Format,
    DateTimeOffset At,
    double MaxImageAgeSeconds,
    double MaxAwaySeconds,
    IReadOnlyList<AuditedFleet> Fleets,
    IReadOnlyList<Finding> Findings,
    AuditDifference? Since)
{
    /// <summary>The form that this version writes.</summary>
    public const string Name = "refresh-audit/1";

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Makes the document.</summary>
    /// <param name="facts">What was seen.</param>
    /// <param name="policy">What is put up with.</param>
    /// <param name="before">An earlier audit to compare with, or null.</param>
    /// <returns>The document.</returns>
    public static AuditDocument Of(AuditFacts facts, AuditPolicy policy, AuditDocument? before)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(policy);
        var findings = before is null ? AuditRules.Judge(facts, policy) : AuditRules.Judge(facts, policy, before.At, before.Findings);
        return new AuditDocument(
            Name,
            facts.At,
            policy.MaxImageAge.TotalSeconds,
            policy.MaxAway.TotalSeconds,
            [.. facts.Fleets.Select(fleet => AuditedFleet.Of(fleet, facts))],
            findings,
            before is null ? null : AuditDifference.Of(before.At, before.Findings, findings));
    }

    /// <summary>With the difference since an earlier audit; null for none. What could not be looked at is judged where it was made.</summary>
    internal AuditDocument Compared(AuditDocument? before) => before is null ? this : this with { Since = AuditDifference.Of(before.At, before.Findings, Findings) };

    /// <summary>Writes it.</summary>
    /// <returns>The JSON.</returns>
    public string Write() => JsonSerializer.Serialize(this, s_options);

    /// <summary>Reads one that was written.</summary>
    /// <param name="json">The JSON.</param>
    /// <returns>The document.</returns>
    /// <exception cref="FormatException">It is no audit of a form that this version reads.</exception>
    public static AuditDocument Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditDocument>(json, s_options) is { Format: Name } document
                ? document
                : throw new FormatException($"it is not of the form {Name}");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FormatException($"it is no audit: {exception.Message}", exception);
        }
    }
}

/// <summary>A fleet of an audit.</summary>
/// <param name="Fleet">Its name.</param>
/// <param name="File">Its file.</param>
/// <param name="Wanted">The image that it wants; null if that could not be told.</param>
/// <param name="Members">Its members.</param>
public sealed record AuditedFleet(string Fleet, string File, string? Wanted, IReadOnlyList<AuditedMember> Members)
{
    internal static AuditedFleet Of(FleetFacts fleet, AuditFacts facts) => new(
        fleet.Fleet.Name,
        fleet.Source,
        fleet.Wanted?.Ref.Label,
        [.. fleet.Fleet.Members().Select(member => AuditedMember.Of(fleet, member.Id, facts))]);
}

/// <summary>A member of an audit, by observation; what was not seen is null.</summary>
/// <param name="Id">The member.</param>
/// <param name="Image">The image that its guest names.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="BuiltAt">When that image was built, by the catalogue.</param>
/// <param name="AgeSeconds">How old it is.</param>
/// <param name="MadeFrom">What the provisioner says that it was made from.</param>
/// <param name="Vm">Its VM's identity.</param>
/// <param name="Power">What its VM is doing.</param>
/// <param name="Rotation">Whether it is in rotation.</param>
/// <param name="Serves">Whether it serves.</param>
/// <param name="AwaySince">Since when it is out of rotation, by the journal.</param>
/// <param name="MachineId">Its machine id.</param>
/// <param name="BootedAt">When it booted.</param>
/// <param name="Kernel">Its kernel.</param>
public sealed record AuditedMember(
    string Id,
    string? Image,
    string? Digest,
    DateTimeOffset? BuiltAt,
    double? AgeSeconds,
    string? MadeFrom,
    string? Vm,
    VmPower? Power,
    Rotation? Rotation,
    bool Serves,
    DateTimeOffset? AwaySince,
    string? MachineId,
    DateTimeOffset? BootedAt,
    string? Kernel)
{
    internal static AuditedMember Of(FleetFacts fleet, Workflows.Fleets.MemberId id, AuditFacts facts)
    {
        var seen = fleet.Members.GetValueOrDefault(id);
        var built = seen?.Guest?.Image is { } runs ? facts.Find(runs)?.Image.BuiltAt : null;
        return new AuditedMember(
            id.ToString(),
            seen?.Guest?.Image.Label,
            seen?.Guest?.Image.Digest,
            built,
            (facts.At - built)?.TotalSeconds,
            seen?.Vm?.Image,
            seen?.Vm?.Identity?.ToString(),
            seen?.Vm?.Power,
            seen?.Balancer?.Rotation,
            seen is { Serves: true },
            fleet.History.AwaySince.TryGetValue(id, out var since) ? since : null,
            seen?.Guest?.MachineId,
            seen?.Guest?.BootedAt,
            seen?.Guest?.Kernel);
    }
}
