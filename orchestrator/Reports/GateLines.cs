using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.Reports;

/// <summary>What a gate says, in a line.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Text">What it says.</param>
/// <param name="Bad">It refuses, or was overridden.</param>
internal sealed record GateLine(string Gate, string Text, bool Bad);

/// <summary>What the gates said of an image, for people.</summary>
internal static class GateLines
{
    /// <summary>Those that refuse or were overridden, one a line; those that let the image pass, in one.</summary>
    public static IEnumerable<GateLine> Of(GateReport? report)
    {
        if (report is null)
            yield break;
        var passed = report.Gates.Where(gate => gate.Refusals.Count == 0 && gate.Gate != GateNames.Revocation).Select(gate => gate.Gate).Distinct().ToList();
        if (passed.Count > 0)
            yield return new GateLine(string.Join(", ", passed), $"gates passed: {string.Join(", ", passed)}", false);
        foreach (var gate in report.Gates.Where(gate => gate.Refusals.Count > 0))
            yield return new GateLine(gate.Gate, Refusal(gate), true);
    }

    /// <summary>What is to be said of a signature, and by which keys.</summary>
    public static string Of(SignatureFacts signature) =>
        $"{signature.Standing.ToString().ToLowerInvariant()}, {signature.Detail}{(signature.Keys is { } keys ? $" (by the keys of {keys})" : string.Empty)}";

    private static string Refusal(GateResult gate)
    {
        var refusals = string.Join("; ", gate.Refusals.Select(refusal => refusal.Text));
        return gate.Override is { } given
            ? $"gate {gate.Gate} OVERRIDDEN by {given.By}: {given.Why} (it refuses: {refusals})"
            : $"gate {gate.Gate} refuses: {refusals}";
    }
}
