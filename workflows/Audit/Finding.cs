namespace Refresh.Workflows.Audit;

/// <summary>How much a finding puts at stake, least first.</summary>
public enum Risk
{
    /// <summary>Worth knowing; nothing is at stake.</summary>
    Note,

    /// <summary>To be done some day.</summary>
    Low,

    /// <summary>To be done with the next patch window.</summary>
    Medium,

    /// <summary>Something is unpatched, unknown or without its peer: to be done now.</summary>
    High,

    /// <summary>A service is down, or something runs that must not.</summary>
    Critical,
}

/// <summary>Something that an audit found.</summary>
/// <param name="Rule">The rule that found it, one of <see cref="AuditRuleNames"/>.</param>
/// <param name="Risk">How much it puts at stake.</param>
/// <param name="Fleet">The fleet that it is about; null when it is about none.</param>
/// <param name="Subject">The member, pair, machine, image or run that it is about.</param>
/// <param name="Text">What was found, in words.</param>
/// <param name="Next">What to do about it.</param>
public sealed record Finding(string Rule, Risk Risk, string? Fleet, string Subject, string Text, string Next)
{
    /// <summary>When it was seen last; null for now. It stands because what it is about could not be looked at since.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>What makes it the same finding in the next audit, whatever its words are then.</summary>
    public string Key => $"{Rule} {Fleet ?? "-"} {Subject}";
}
