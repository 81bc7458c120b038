using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi.StandIn;

/// <summary>The stand-in answers as the real thing was recorded to: in shape and in meaning.</summary>
public sealed partial class StandInTests(RecordedScenario scenario) : IClassFixture<RecordedScenario>
{
    private const string Rule = "antiAffinity";

    public static TheoryData<string> Commands => [.. Recording.Commands];

    public static TheoryData<string> Previews => [.. Recording.Commands.Where(name => name.Contains("preview", StringComparison.Ordinal))];

    public static TheoryData<string> Updates => ["up-create-noop", "up-replace", "orphan-up", "up-target-replace", "killed-up", "interrupted-up", "import", "refresh-clear"];

    public static TheoryData<string> States => ["clean", "after-replace", "killed-at-once", "killed-later", "orphan-up", "refresh-clear", "imported", "recovered", "interrupted"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_ends_with_the_recorded_exit_code_and_error(string name)
    {
        var (recorded, said) = (Recording.Answer(name), scenario.Answer(name));
        Assert.True(recorded.ExitCode == said.ExitCode, $"exit code {said.ExitCode}, recorded {recorded.ExitCode}:\n{said.Errors}\n{said.Output}");
        Assert.Equal(Neutral(recorded.Errors), Neutral(said.Errors));
        Assert.Equal(recorded.Output.Length > 0, said.Output.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Previews))]
    public void A_preview_shows_the_recorded_steps(string name)
    {
        var (recorded, said) = (JsonNode.Parse(Recording.Answer(name).Output)!, JsonNode.Parse(scenario.Answer(name).Output)!);
        Assert.Equal(Keys(recorded), Keys(said));
        Assert.Equal(Keys(recorded["config"]), Keys(said["config"]));
        Assert.Equal(recorded["changeSummary"]!.ToJsonString(), said["changeSummary"]!.ToJsonString());
        Assert.Equal(Steps(recorded), Steps(said));
        foreach (var (expected, step) in ByUrn(recorded).Zip(ByUrn(said)))
            Assert.Equal(Shape.Of(expected), Shape.Of(step));
    }

    [Theory]
    [MemberData(nameof(Previews))]
    public void A_preview_says_the_recorded_errors(string name)
    {
        var (recorded, said) = (JsonNode.Parse(Recording.Answer(name).Output)!, JsonNode.Parse(scenario.Answer(name).Output)!);
        Assert.Equal(Errors(recorded), Errors(said));
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void An_update_shows_the_recorded_steps(string name)
    {
        var recorded = Recording.Has(name, "cmd") ? Recording.Answer(name).Output : Recording.Read(name, "out");
        Assert.Equal(Done(recorded), Done(scenario.Answer(name).Output));
    }

    [Theory]
    [InlineData("up-replace")]
    [InlineData("orphan-up")]
    public void An_update_tells_the_recorded_events(string name)
    {
        var (recorded, told) = (Recording.Events(name), scenario.Events(name));
        Assert.Equal(Told(recorded), Told(told));
        Assert.Equal("cancelEvent", Kind(told[^1]));
        Assert.Equal(Enumerable.Range(0, told.Count), told.Select(one => one["sequence"]!.GetValue<int>()));
        foreach (var kind in recorded.Select(Kind).Distinct())
            Assert.Equal(Keys(recorded.First(one => Kind(one) == kind)[kind]), Keys(told.First(one => Kind(one) == kind)[kind]));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_state_has_the_recorded_shape(string name)
    {
        var (recorded, exported) = (Recording.Export(name)["deployment"]!, scenario.Export(name)["deployment"]!);
        Assert.Equal(Keys(recorded), Keys(exported));
        Assert.Equal(Recording.Export(name)["version"]!.ToJsonString(), scenario.Export(name)["version"]!.ToJsonString());
        Assert.Equal(Shape.Of(new JsonArray([.. Operations(recorded)])), Shape.Of(new JsonArray([.. Operations(exported)])));
        var (expected, found) = (Resources(recorded), Resources(exported));
        Assert.Equal(expected.Keys, found.Keys);
        foreach (var (urn, resource) in expected)
            Assert.Equal(Shape.Of(resource), Shape.Of(found[urn]));
    }

    [Theory]
    [InlineData("output")]
    [InlineData("output-after-replace")]
    public void Outputs_have_the_recorded_shape(string name) =>
        Assert.Equal(Shape.Of(JsonNode.Parse(Recording.Answer(name).Output)), Shape.Of(JsonNode.Parse(scenario.Answer(name).Output)));

    [Fact]
    public void A_lock_names_its_process_as_recorded() => Assert.Equal(Shape.Of(JsonNode.Parse(Recording.Read("lock-file", "json"))), Shape.Of(scenario.LockFile));

    [Fact]
    public void A_kill_leaves_the_language_host_and_the_provider() => Assert.Equal(["pulumi-language", "pulumi-resource"], scenario.Leftovers.Order(StringComparer.Ordinal).Select(name => name[..15]));

    [Fact]
    public void What_the_killed_update_had_begun_is_finished_by_the_cloud()
    {
        var killed = Resources(scenario.Export("killed-later")["deployment"]!).Single(one => one.Key.EndsWith("memberB", StringComparison.Ordinal)).Value;
        var adopted = Resources(scenario.Export("imported")["deployment"]!).Single(one => one.Key.EndsWith("memberB", StringComparison.Ordinal)).Value;
        Assert.True(killed["pendingReplacement"]!.GetValue<bool>());
        Assert.NotEqual(killed["outputs"]!["moid"]!.GetValue<string>(), adopted["outputs"]!["moid"]!.GetValue<string>());
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Steps(JsonNode document) => ByUrn(document).Select(step =>
        $"{step["op"]} {step["urn"]} {step["diffReasons"]?.ToJsonString()} {step["replaceReasons"]?.ToJsonString()} {step["detailedDiff"]?.ToJsonString()}");

    // Resources that do not depend on each other come in any order.
    private static IEnumerable<JsonNode> ByUrn(JsonNode document) => document["steps"]!.AsArray().Select(step => step!).OrderBy(step => step["urn"]!.GetValue<string>(), StringComparer.Ordinal);

    private static IEnumerable<string> Errors(JsonNode document) => document["diagnostics"]!.AsArray()
        .Where(one => one!["severity"]!.GetValue<string>() == "error")
        .Select(one => $"{one!["urn"]} {Neutral(one["message"]!.GetValue<string>())}".TrimEnd());

    private static IEnumerable<JsonNode?> Operations(JsonNode deployment) => (deployment["pending_operations"] as JsonArray ?? []).Select(one => one!.DeepClone());

    private static SortedDictionary<string, JsonNode> Resources(JsonNode deployment) =>
        new(deployment["resources"]!.AsArray().ToDictionary(one => one!["urn"]!.GetValue<string>(), one => one!), StringComparer.Ordinal);

    private static string Kind(JsonObject entry) => entry.Select(field => field.Key).Single(key => key.EndsWith("Event", StringComparison.Ordinal));

    // The simulator gave a rebuilt VM its old uuid, so that the rule had nothing to change; the lab gives another one, as vCenter does.
    private static IEnumerable<string> Told(IReadOnlyList<JsonObject> events) => events
        .Select(one => (Kind: Kind(one), Meta: one[Kind(one)]!["metadata"]))
        .Where(one => one.Meta is not null)
        .Select(one => (Urn: one.Meta!["urn"]!.GetValue<string>(), Text: $"{one.Kind} {one.Meta["op"]}"))
        .OrderBy(one => one.Urn, StringComparer.Ordinal)
        .Select(one => one.Urn.EndsWith(Rule, StringComparison.Ordinal) ? $"{one.Urn} {one.Text.Replace("update", "same", StringComparison.Ordinal)}" : $"{one.Urn} {one.Text}");

    private static IEnumerable<string> Done(string output) => StepLine().Matches(output)
        .Select(match => $"{match.Groups[1].Value.Trim()} {match.Groups[2].Value} {match.Groups[3].Value}")
        .Where(line => !(line.StartsWith('~') && line.Contains(Rule, StringComparison.Ordinal)))
        .Distinct();

    private static string Neutral(string text) => Changing().Replace(text, "…").Trim();

    [GeneratedRegex(@"^ (\+\+|\+-|--|[+~=-] ) (vsphere:\S+ \S+) (creating failed|\*\*\w+ failed\*\*|[a-z]+(?: [a-z]+)?)", RegexOptions.Multiline)]
    private static partial Regex StepLine();

    // Paths, processes, hosts, instants, addresses.
    [GeneratedRegex(@"file:///\S+/\.pulumi|[0-9a-f]{8}-[0-9a-f-]{27}|\w+@[\w.-]+ \(pid \d+\)|\d{4}-\d\d-\d\dT[\d:]+Z|127\.[\d.]+:\d+")]
    private static partial Regex Changing();
}
