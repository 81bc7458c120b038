using System.Globalization;
using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Scans;

/// <summary>
/// SARIF 2.1.0. A rule is a vulnerability; how bad it is comes from its <c>security-severity</c>, else from the level of the
/// result, else from that of the rule. What is suppressed, or passed, is no finding.
/// </summary>
internal sealed class SarifReport : ReportFormat
{
    private const string Driver = "runs[].tool.driver";
    private const string Rules = $"{Driver}.rules[]";
    private const string Result = "runs[].results[]";
    private readonly List<Rule> _rules = [];
    private readonly List<Hit> _hits = [];
    private readonly Findings _findings = new();
    private bool _mine;
    private string? _tool;
    private DateTimeOffset? _at;
    private Rule _rule = new(string.Empty, null, null);
    private Hit _hit = new(null, null, null, false);

    public static string[] Paths =>
    [
        "version", "runs[].invocations[].endTimeUtc", $"{Driver}.name", $"{Rules}.id", $"{Rules}.properties.security-severity", $"{Rules}.defaultConfiguration.level",
        $"{Result}.ruleId", $"{Result}.ruleIndex", $"{Result}.rule.id", $"{Result}.rule.index", $"{Result}.level", $"{Result}.kind", $"{Result}.suppressions[].kind",
    ];

    public override bool IsMine => _mine && _tool is not null;

    public override void Take(Picked picked)
    {
        switch (picked)
        {
            case { Path: "version" }: _mine = picked.Text == "2.1.0"; break;
            case { Path: "runs[].invocations[].endTimeUtc" }: _at = Instant(picked); break;
            case { Path: $"{Driver}.name" }: _tool ??= picked.Text; break;
            case { Path: Rules, Kind: PickKind.Begin }: _rule = new(string.Empty, null, null); break;
            case { Path: $"{Rules}.id" }: _rule = _rule with { Id = picked.Text }; break;
            case { Path: $"{Rules}.properties.security-severity" }: _rule = _rule with { Score = Score(picked) }; break;
            case { Path: $"{Rules}.defaultConfiguration.level" }: _rule = _rule with { Level = picked.Text }; break;
            case { Path: Rules, Kind: PickKind.End }: _rules.Add(_rule); break;
            case { Path: Result, Kind: PickKind.Begin }: _hit = new(null, null, null, false); break;
            case { Path: $"{Result}.ruleId" or $"{Result}.rule.id", Kind: PickKind.Value }: _hit = _hit with { Id = picked.Text }; break;
            case { Path: $"{Result}.ruleIndex" or $"{Result}.rule.index", Kind: PickKind.Value }: _hit = _hit with { Index = Index(picked) }; break;
            case { Path: $"{Result}.level" }: _hit = _hit with { Level = picked.Text }; break;
            case { Path: $"{Result}.kind" }: _hit = _hit with { Ignored = _hit.Ignored || picked.Text is not ("fail" or "open" or "review") }; break;
            case { Path: $"{Result}.suppressions[]", Kind: PickKind.Begin }: _hit = _hit with { Ignored = true }; break;
            case { Path: Result, Kind: PickKind.End }:
                if (_hit is { Id: null, Index: null })
                    throw picked.At.Mistake("the result that ends here names no rule");
                _hits.Add(_hit);
                break;
            case { Path: "runs[]", Kind: PickKind.End }: EndOfRun(picked.At); break;
        }
    }

    public override ScanReport Finish() => _findings.Report(_tool!.ToLowerInvariant(), _at);

    // Rules may stand behind the results of their run.
    private void EndOfRun(JsonPlace at)
    {
        var rules = _rules.GroupBy(rule => rule.Id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var hit in _hits.Where(hit => !hit.Ignored))
        {
            var rule = hit.Id is null ? _rules.ElementAtOrDefault(hit.Index!.Value) ?? throw at.Mistake($"a result of the run that ends here names rule {hit.Index}, which there is not") : rules.GetValueOrDefault(hit.Id);
            _findings.Add(hit.Id ?? rule!.Id, Of(rule?.Score, hit.Level ?? rule?.Level));
        }

        _rules.Clear();
        _hits.Clear();
    }

    private static Severity Of(double? score, string? level) => (score, level) switch
    {
        ( >= 9.0, _) => Severity.Critical,
        ( >= 7.0, _) => Severity.High,
        ( >= 4.0, _) => Severity.Medium,
        ( > 0, _) => Severity.Low,
        (_, "error") => Severity.High,
        (_, null or "warning") => Severity.Medium,
        _ => Severity.Low,
    };

    private static double Score(Picked picked) => double.TryParse(picked.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score)
        ? score
        : throw picked.At.Mistake("security-severity is not a number");

    private static int? Index(Picked picked) => int.TryParse(picked.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
        ? (index < 0 ? null : index)
        : throw picked.At.Mistake("the index of a rule is not a whole number");

    private sealed record Rule(string Id, double? Score, string? Level);

    private sealed record Hit(string? Id, int? Index, string? Level, bool Ignored);
}
