using Refresh.Workflows.Reasons;
using Refresh.Workflows.Rules;
using Refresh.Workflows.Trust.Gates;

namespace Refresh.Workflows.Trust;

/// <summary>Judges an image before it is used: facts in, a verdict with its reasons out. What a gate needs and could not be read is a refusal.</summary>
public static class ImageGates
{
    // Where nobody asks for anything, a signature that does not match is refused all the same.
    private static readonly ImagePolicy s_none = new() { Origin = "always" };

    /// <summary>Judges.</summary>
    /// <param name="facts">What was read of the image.</param>
    /// <param name="policies">What is asked of it: each policy's gates must all let it pass. Without any, a revoked image and one whose signature does not match are refused.</param>
    /// <param name="now">When it is judged.</param>
    /// <returns>What each gate says that was asked for.</returns>
    public static GateReport Judge(ImageFacts facts, IReadOnlyList<ImagePolicy> policies, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(policies);
        var revocation = new GateResult(GateNames.Revocation, "always", [.. Faults(facts, GateNames.Revocation), .. Revoked(facts)]);
        return new GateReport(facts, [revocation, .. policies.DefaultIfEmpty(s_none).SelectMany(policy => Judge(facts, policy, now))], now);
    }

    /// <summary>Lets an image pass gates that refuse it, where the person who asks may do that.</summary>
    /// <param name="report">What the gates say.</param>
    /// <param name="overrides">Who overrides which gate, and why.</param>
    /// <param name="policies">The policies that were judged by.</param>
    /// <returns>The report with the overrides that are permitted, and why the others are not.</returns>
    public static (GateReport Report, Verdict Verdict) Override(GateReport report, IReadOnlyList<GateOverride> overrides, IReadOnlyList<ImagePolicy> policies)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(overrides);
        var refusals = overrides.Select(asked => OverrideRule.Check(asked, policies)).OfType<Reason>().ToList();
        var permitted = refusals.Count > 0 ? [] : overrides;
        var gates = report.Gates.Select(gate => gate.Refusals.Count > 0 && permitted.FirstOrDefault(each => each.Gate == gate.Gate) is { } given ? gate with { Override = given } : gate);
        return (report with { Gates = [.. gates] }, new Verdict(refusals));
    }

    private static IEnumerable<GateResult> Judge(ImageFacts facts, ImagePolicy policy, DateTimeOffset now)
    {
        (string Gate, bool Asked, Func<IEnumerable<Reason>> Rule)[] gates =
        [
            (GateNames.Signature, SignatureGate.IsAsked(facts, policy), () => SignatureGate.Refusals(facts, policy)),
            (GateNames.Origin, policy.Origins.Count > 0, () => OriginGate.Refusals(facts, policy)),
            (GateNames.Age, policy.MaxAgeDays is not null, () => AgeGate.Refusals(facts, policy, now)),
            (GateNames.Scan, policy.Scan is not null, () => ScanGate.Refusals(facts, policy.Scan!, now)),
            (GateNames.Packages, policy.Packages.Count > 0, () => PackageGate.Refusals(facts, policy)),
            (GateNames.Soak, policy.Soak > TimeSpan.Zero, () => SoakGate.Refusals(facts, policy, now)),
            (GateNames.Approvals, policy.Approvals > 0, () => ApprovalGate.Refusals(facts, policy)),
        ];
        foreach (var (gate, asked, rule) in gates)
        {
            if (asked)
                yield return new GateResult(gate, policy.Origin, Faults(facts, gate) is [_, ..] faults ? faults : [.. rule()]);
        }
    }

    private static List<Reason> Faults(ImageFacts facts, string gate) => [.. facts.Faults.Where(fault => fault.Gate == gate).Select(fault => fault.Why)];

    private static IEnumerable<Reason> Revoked(ImageFacts facts)
    {
        if (facts.Revoked is { } revoked)
            yield return new Reason("image-revoked", $"{facts.Image.Label} was revoked by {revoked.By} on {Words.Day(revoked.At)}: {revoked.Why}", "another image is used; a revocation is final");
    }
}
