using System.Text.Json.Serialization;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust;

/// <summary>What was read of an image, and what each gate says of it.</summary>
/// <param name="Facts">What was read.</param>
/// <param name="Gates">The gates that were asked for, each with the policy that asked.</param>
/// <param name="At">When it was judged.</param>
public sealed record GateReport(ImageFacts Facts, IReadOnlyList<GateResult> Gates, DateTimeOffset At)
{
    /// <summary>Everything that still speaks against the image.</summary>
    [JsonIgnore]
    public IEnumerable<Reason> Refusals => Gates.Where(gate => gate.Override is null).SelectMany(gate => gate.Refusals);

    /// <summary>The gates that refused and were overridden.</summary>
    [JsonIgnore]
    public IEnumerable<GateResult> Overridden => Gates.Where(gate => gate.Override is not null);
}

/// <summary>What one gate says.</summary>
/// <param name="Gate">Its name, one of <see cref="GateNames"/>.</param>
/// <param name="Policy">Where it was asked for.</param>
/// <param name="Refusals">All that speaks against the image; empty when it may pass.</param>
/// <param name="Override">Who let the image pass nevertheless; null if nobody did.</param>
public sealed record GateResult(string Gate, string Policy, IReadOnlyList<Reason> Refusals, GateOverride? Override = null);

/// <summary>Somebody let an image pass a gate that refuses it.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="By">Who.</param>
/// <param name="Why">The reason that was given; never empty.</param>
/// <param name="At">When.</param>
public sealed record GateOverride(string Gate, string By, string Why, DateTimeOffset At);

/// <summary>The names of the gates; part of the journal's format.</summary>
public static class GateNames
{
    /// <summary>Nobody has revoked it. Cannot be overridden.</summary>
    public const string Revocation = "revocation";

    /// <summary>Signed by a trusted key.</summary>
    public const string Signature = "signature";

    /// <summary>Made where images are made, or released from quarantine.</summary>
    public const string Origin = "origin";

    /// <summary>Not too old.</summary>
    public const string Age = "age";

    /// <summary>Scanned lately, with few enough vulnerabilities.</summary>
    public const string Scan = "scan";

    /// <summary>Holds the packages that it must.</summary>
    public const string Packages = "packages";

    /// <summary>Long enough in the catalogue.</summary>
    public const string Soak = "soak";

    /// <summary>Approved by enough people.</summary>
    public const string Approvals = "approvals";

    /// <summary>Those that can be overridden.</summary>
    public static IReadOnlyList<string> Overridable { get; } = [Signature, Origin, Age, Scan, Packages, Soak, Approvals];
}
