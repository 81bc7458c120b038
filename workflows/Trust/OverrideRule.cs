using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Trust;

/// <summary>Who may let an image pass a gate that refuses it: with a reason, and where every policy lets that person decide.</summary>
internal static class OverrideRule
{
    public static Reason? Check(GateOverride asked, IReadOnlyList<ImagePolicy> policies)
    {
        if (asked.Gate == GateNames.Revocation)
            return new Reason("override-refused", "a revocation cannot be overridden", "another image is used");
        if (!GateNames.Overridable.Contains(asked.Gate, StringComparer.Ordinal))
            return new Reason("override-refused", $"there is no gate '{asked.Gate}'", $"name one of {string.Join(", ", GateNames.Overridable)}");
        if (string.IsNullOrWhiteSpace(asked.Why))
            return new Reason("override-refused", $"the gate {asked.Gate} is overridden only with a reason", "give one: --reason TEXT");
        return policies.FirstOrDefault(policy => !policy.MayDecide(asked.By)) is { } against
            ? new Reason("override-refused", $"{asked.By} may not override the gate {asked.Gate}, by {against.Origin}", $"{against.Deciders} does it")
            : null;
    }
}
