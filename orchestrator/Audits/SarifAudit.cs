using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Workflows.Audit;

namespace Refresh.Orchestrator.Audits;

/// <summary>An audit as SARIF 2.1.0, which code hosts and scanners read.</summary>
public static class SarifAudit
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it.</summary>
    /// <param name="audit">The audit.</param>
    /// <returns>The JSON.</returns>
    public static string Render(AuditDocument audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        var files = audit.Fleets.GroupBy(fleet => fleet.Fleet, StringComparer.Ordinal).Where(same => same.Count() == 1).ToDictionary(same => same.Key, same => same.Single().File, StringComparer.Ordinal);
        var rules = AuditRuleNames.All.Keys.ToList();
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "Refresh",
                        ["semanticVersion"] = Version,
                        ["rules"] = new JsonArray([.. AuditRuleNames.All.Select(rule => new JsonObject
                        {
                            ["id"] = rule.Key,
                            ["shortDescription"] = new JsonObject { ["text"] = rule.Value },
                        })]),
                    },
                },
                ["invocations"] = new JsonArray(new JsonObject { ["executionSuccessful"] = true, ["endTimeUtc"] = audit.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) }),
                ["results"] = new JsonArray([.. audit.Findings.Select(finding => Result(finding, rules.IndexOf(finding.Rule), finding.Fleet is { } fleet ? files.GetValueOrDefault(fleet) : null))]),
            }),
        }.ToJsonString(s_options);
    }

    private static string Version => typeof(SarifAudit).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static JsonObject Result(Finding finding, int rule, string? file)
    {
        var location = new JsonObject
        {
            ["logicalLocations"] = new JsonArray(new JsonObject
            {
                ["name"] = finding.Subject,
                ["fullyQualifiedName"] = finding.Fleet is null ? finding.Subject : $"{finding.Fleet}/{finding.Subject}",
                ["kind"] = "resource",
            }),
        };
        if (file is not null)
            location["physicalLocation"] = new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = new Uri(Path.GetFullPath(file)).AbsoluteUri } };
        return new JsonObject
        {
            ["ruleId"] = finding.Rule,
            ["ruleIndex"] = rule,
            ["level"] = finding.Risk switch { Risk.Critical or Risk.High => "error", Risk.Medium => "warning", _ => "note" },
            ["message"] = new JsonObject { ["text"] = $"{finding.Subject}: {finding.Text}{AuditText.Stands(finding)}. To do: {finding.Next}." },
            ["locations"] = new JsonArray(location),
            ["partialFingerprints"] = new JsonObject { ["finding/v1"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(finding.Key))) },
            ["properties"] = new JsonObject { ["risk"] = finding.Risk.ToString(), ["fleet"] = finding.Fleet },
        };
    }
}
