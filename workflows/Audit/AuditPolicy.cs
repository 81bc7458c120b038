namespace Refresh.Workflows.Audit;

/// <summary>What an audit puts up with.</summary>
public sealed record AuditPolicy
{
    /// <summary>How old the image of a member may be, from its build time.</summary>
    public TimeSpan MaxImageAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a member may be out of rotation.</summary>
    public TimeSpan MaxAway { get; init; } = TimeSpan.FromHours(1);
}
