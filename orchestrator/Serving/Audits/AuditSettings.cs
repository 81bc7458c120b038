using Cronos;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Workflows.Audit;

namespace Refresh.Orchestrator.Serving.Audits;

/// <summary>When the service audits its fleets, and what it puts up with.</summary>
/// <param name="At">A cron expression of five fields.</param>
/// <param name="Zone">The time zone that it is meant in.</param>
/// <param name="Policy">What is put up with.</param>
/// <param name="Inventories">Lists of all machines.</param>
internal sealed record AuditSettings(CronExpression At, TimeZoneInfo Zone, AuditPolicy Policy, IReadOnlyList<string> Inventories)
{
    /// <summary>Reads <c>audit</c>; null when there is no schedule.</summary>
    public static AuditSettings? Read(SettingReader section)
    {
        var (at, zone) = (section.Text("at"), section.Text("timeZone") ?? "UTC");
        var normal = new AuditPolicy();
        var policy = new AuditPolicy
        {
            MaxImageAge = TimeSpan.FromDays(section.Number("maxAgeDays", (int)normal.MaxImageAge.TotalDays, 1, 3650)),
            MaxAway = section.Duration("maxAway", normal.MaxAway, TimeSpan.Zero),
        };
        var inventories = section.Texts("inventories");
        if (at is null)
            return null;
        if (!CronExpression.TryParse(at, CronFormat.Standard, out var cron))
            section.Wrong("at", $"is '{at}' and must be a cron expression of five fields, for example 0 6 * * *");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            section.Wrong("timeZone", $"is '{zone}' and must be an IANA time zone, for example Europe/Stockholm");
        return cron is null || found is null ? null : new AuditSettings(cron, found, policy, inventories);
    }
}
