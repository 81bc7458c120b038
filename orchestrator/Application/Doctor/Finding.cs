using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>A run can do its work, and somebody should know.</summary>
    Warning,

    /// <summary>A run would be refused, or would fail.</summary>
    Wrong,
}

/// <summary>What one check found.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Check">The check, for example <c>balancer</c>.</param>
/// <param name="Text">What was seen.</param>
/// <param name="Next">What to do about it; null where nothing is to be done.</param>
internal sealed record Finding(FindingLevel Level, string Check, string Text, string? Next = null)
{
    public static Finding Ok(string check, string text) => new(FindingLevel.Ok, check, text);

    public static Finding Warning(string check, string text, string next) => new(FindingLevel.Warning, check, text, next);

    public static Finding Wrong(string check, string text, string next) => new(FindingLevel.Wrong, check, text, next);

    public static Finding Wrong(string check, Reason reason) => Wrong(check, reason.Text.TrimEnd('.'), reason.EndsWhen.TrimEnd('.'));
}
