using System.Text.Json.Nodes;
using CsCheck;
using Refresh.Orchestrator.Bundles;
using Refresh.Orchestrator.Images.Signing;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Bundles;

/// <summary>What somebody who holds the key, or finds a verifier without one, may try.</summary>
public sealed class ForgedByHolderTests : IDisposable
{
    private static readonly ScriptedRun s_run = Sample.Success(2);
    private readonly SigningKey _key = SigningKey.Create("evidence");

    [Fact]
    public void An_outcome_that_is_none_of_its_intent_is_named_with_its_entry()
    {
        var drain = s_run.Journal.Select(entry => entry.Event).OfType<IntentRecorded>().First(recorded => recorded.Intent is Drain).Intent.Id;
        var place = s_run.Journal.First(entry => entry.Event is OutcomeRecorded outcome && outcome.Intent == drain).Sequence;
        var rebuilt = s_run.Journal.Select(entry => entry.Event).OfType<OutcomeRecorded>().First(outcome => outcome.Outcome is Rebuilt).Outcome;
        var fault = BundleCheckup.Check(With(place, EventFormat.Standard.Write(new OutcomeRecorded(drain, rebuilt)), null), null).Fault!;
        Assert.Equal("fold", fault.Name);
        Assert.Contains(FormattableString.Invariant($"entry {place}"), fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("cast", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_outcome_is_written_under_an_intent_is_judged_and_ends_nothing()
    {
        var outcomes = s_run.Journal.Where(entry => entry.Event is OutcomeRecorded).ToList();
        Gen.Select(Gen.Int[0, outcomes.Count - 1], Gen.Int[0, outcomes.Count - 1]).Sample((one, other) =>
        {
            var forged = (OutcomeRecorded)outcomes[one].Event with { Outcome = ((OutcomeRecorded)outcomes[other].Event).Outcome };
            Judged(With(outcomes[one].Sequence, EventFormat.Standard.Write(forged), _key));
        }, iter: 100);
    }

    [Fact]
    public void Whatever_value_is_written_into_an_entry_is_judged_and_ends_nothing()
    {
        string[] values = ["null", "\"\"", "\"web-9/z\"", "-1", "2147483647", "1e300", "true", "[]", "{}", "\"9999-12-31T23:59:59Z\"", "\"-10675199.02:48:05\""];
        Gen.Select(Gen.Int[0, s_run.Journal.Count - 1], Gen.Int[0, 10_000], Gen.Int[0, values.Length - 1]).Sample((entry, leaf, value) =>
        {
            var changed = JsonNode.Parse(EventFormat.Standard.Write(s_run.Journal[entry].Event))!;
            var places = Places(changed).ToList();
            places[leaf % places.Count](JsonNode.Parse(values[value]));
            Judged(With(entry + 1, changed.ToJsonString(), _key));
        }, iter: 300);
    }

    [Fact]
    public void A_bundle_that_claims_next_to_nothing_does_not_hold_whatever_version_it_says_made_it()
    {
        foreach (var tool in new[] { Statement.ThisTool, "0.1.1" })
        {
            var fault = Check(Bundle.Of(s_run, _key, claims: Cut, tool: tool)).Fault!;
            Assert.Equal("claims", fault.Name);
            Assert.Contains(" is not claimed", fault.Detail, StringComparison.Ordinal);
        }

        Assert.Contains("/alarms is not claimed", Check(Bundle.Of(s_run, _key, claims: claims => claims.AsObject().Remove("alarms"), tool: "0.1.1")).Fault!.Detail, StringComparison.Ordinal);
        Assert.Contains("/members/0/absences is not claimed", Check(Bundle.Of(s_run, _key, claims: claims => claims["members"]![0]!.AsObject().Remove("absences"))).Fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_that_says_it_was_made_before_its_last_entry_does_not_hold()
    {
        var fault = Check(Bundle.Of(s_run, _key, madeAt: s_run.Journal[^1].At.AddSeconds(-1))).Fault!;
        Assert.Equal("valid", fault.Name);
        Assert.Contains("before its last entry", fault.Detail, StringComparison.Ordinal);
        Assert.True(Check(Bundle.Of(s_run, _key, madeAt: s_run.Journal[^1].At)).Holds);
    }

    public void Dispose() => _key.Dispose();

    private static void Cut(JsonNode claims)
    {
        foreach (var name in claims.AsObject().Select(claim => claim.Key).Where(name => name != "state").ToList())
            claims.AsObject().Remove(name);
    }

    private static byte[] With(long place, string happened, SigningKey? key) =>
        Bundle.Of(s_run, key, entries: texts => texts.Select(text => text.Sequence == place ? text with { Event = happened } : text), tool: "0.1.1", follow: true);

    /// <summary>Every place of a document where a value can be written.</summary>
    private static IEnumerable<Action<JsonNode?>> Places(JsonNode node) => node switch
    {
        JsonObject fields => fields.ToList().SelectMany(field => (Action<JsonNode?>[])[value => fields[field.Key] = value, .. field.Value is { } below ? Places(below) : []]),
        JsonArray items => Enumerable.Range(0, items.Count).SelectMany(place => (Action<JsonNode?>[])[value => items[place] = value, .. items[place] is { } below ? Places(below) : []]),
        _ => [],
    };

    private void Judged(byte[] bundle)
    {
        var verdict = Check(bundle);
        Assert.True(verdict.Holds ? verdict.Claims is not null : verdict.Fault!.Detail.Length > 0);
    }

    private BundleVerdict Check(byte[] bundle) => BundleCheckup.Check(bundle, Bundle.Trust(_key));
}
