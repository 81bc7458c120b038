using System.Globalization;
using Refresh.Orchestrator.Json;

namespace Refresh.Orchestrator.Images.Scans;

/// <summary>
/// SARIF 2.1.0. A rule of the tool or of an extension of it is a vulnerability; how bad it is comes from its
/// <c>security-severity</c>, else from the level of the result, else from that of the rule. What is suppressed, or passed, is no finding.
/// </summary>
internal sealed class SarifReport : ReportFormat
{
    private const string Driver = "runs[].tool.driver";
    private const string Extension = "runs[].tool.extensions[]";
    private const string Result = "runs[].results[]";
    private readonly SarifRules _rules = new();
    private readonly List<SarifHit> _hits = [];
    private readonly Findings _findings = new();
    private bool _mine;
    private string? _tool;
    private DateTimeOffset? _at;
    private SarifRule _rule = SarifRule.None;
    private SarifHit _hit = SarifHit.None;

    public static string[] Paths =>
    [
        "version", "runs[].invocations[].endTimeUtc",
        $"{Driver}.name", $"{Driver}.rules[].id", $"{Driver}.rules[].properties.security-severity", $"{Driver}.rules[].defaultConfiguration.level",
        $"{Extension}.name", $"{Extension}.guid", $"{Extension}.rules[].id", $"{Extension}.rules[].properties.security-severity", $"{Extension}.rules[].defaultConfiguration.level",
        $"{Result}.ruleId", $"{Result}.ruleIndex", $"{Result}.rule.id", $"{Result}.rule.index", $"{Result}.level", $"{Result}.kind", $"{Result}.suppressions[].kind",
        $"{Result}.rule.toolComponent.index", $"{Result}.rule.toolComponent.name", $"{Result}.rule.toolComponent.guid",
    ];

    public override bool IsMine => _mine && _tool is not null;

    public override void Take(Picked picked)
    {
        switch (picked)
        {
            case { Path: "version" }: _mine = picked.Text == "2.1.0"; break;
            case { Path: "runs[].invocations[].endTimeUtc" }: _at = Instant(picked); break;
            case { Path: $"{Driver}.name" }: _tool ??= picked.Text; break;
            case { Path: Extension, Kind: PickKind.Begin }: _rules.BeginExtension(); break;
            case { Path: $"{Extension}.name" or $"{Extension}.guid" }: _rules.NameExtension(picked.Text); break;
            case { Path: $"{Driver}.rules[]" or $"{Extension}.rules[]", Kind: PickKind.Begin }: _rule = SarifRule.None; break;
            case { Path: $"{Driver}.rules[].id" or $"{Extension}.rules[].id" }: _rule = _rule with { Id = picked.Text }; break;
            case { Path: $"{Driver}.rules[].properties.security-severity" or $"{Extension}.rules[].properties.security-severity" }: _rule = _rule with { Score = Score(picked) }; break;
            case { Path: $"{Driver}.rules[].defaultConfiguration.level" or $"{Extension}.rules[].defaultConfiguration.level" }: _rule = _rule with { Level = picked.Text }; break;
            case { Path: $"{Driver}.rules[]", Kind: PickKind.End }: _rules.AddToDriver(_rule); break;
            case { Path: $"{Extension}.rules[]", Kind: PickKind.End }: _rules.AddToExtension(_rule); break;
            case { Path: Result, Kind: PickKind.Begin }: _hit = SarifHit.None; break;
            case { Path: $"{Result}.ruleId" or $"{Result}.rule.id", Kind: PickKind.Value }: _hit = _hit with { Id = picked.Text }; break;
            case { Path: $"{Result}.ruleIndex" or $"{Result}.rule.index", Kind: PickKind.Value }: _hit = _hit with { Index = Index(picked) }; break;
            case { Path: $"{Result}.rule.toolComponent.index" }: _hit = _hit with { Extension = Index(picked) }; break;
            case { Path: $"{Result}.rule.toolComponent.name" or $"{Result}.rule.toolComponent.guid" }: _hit = _hit with { Names = [.. _hit.Names, picked.Text] }; break;
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
        foreach (var hit in _hits.Where(hit => !hit.Ignored))
        {
            var rule = _rules.Find(hit);
            if (rule is null && hit.Id is null)
                throw at.Mistake($"a result of the run that ends here names rule {hit.Index}, which there is not");
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
}
