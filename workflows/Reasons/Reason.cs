namespace Refresh.Workflows.Reasons;

/// <summary>Why something waits, was refused or failed, and what would end it (promise 9).</summary>
/// <param name="Code">A stable name for programs, in kebab case, for example <c>peer-unhealthy</c>.</param>
/// <param name="Text">What was observed, with the names of those concerned.</param>
/// <param name="EndsWhen">What would end it, or what to do next.</param>
public sealed record Reason(string Code, string Text, string EndsWhen)
{
    /// <inheritdoc />
    public override string ToString() => $"{Text} ({EndsWhen})";
}
