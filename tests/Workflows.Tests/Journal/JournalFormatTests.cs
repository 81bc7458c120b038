using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Journal;

public sealed class JournalFormatTests
{
    public static TheoryData<Type> Kinds => [typeof(RunEvent), typeof(Intent), typeof(Outcome)];

    public static TheoryData<RunEvent> Events => new(Samples.Events);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_name_of_its_own(Type kind)
    {
        var concrete = kind.Assembly.GetTypes().Where(type => type.IsSubclassOf(kind) && !type.IsAbstract);
        var named = kind.GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();
        Assert.Equal(concrete.OrderBy(type => type.Name), named.Select(name => name.DerivedType).OrderBy(type => type.Name));
        Assert.Distinct(named.Select(name => name.TypeDiscriminator));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_sample_below(Type kind)
    {
        IEnumerable<object> samples =
        [
            .. Samples.Events,
            .. Samples.Events.OfType<IntentRecorded>().Select(recorded => recorded.Intent),
            .. Samples.Events.OfType<OutcomeRecorded>().Select(recorded => recorded.Outcome),
        ];
        var missing = kind.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(name => name.DerivedType).Except(samples.Select(sample => sample.GetType()));
        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void What_was_written_is_read_as_it_was(RunEvent happened)
    {
        var read = JournalFormat.Read(JournalFormat.Write(happened));
        Assert.Equivalent(happened, read, strict: true);
        Assert.Equal(JournalFormat.Write(happened), JournalFormat.Write(read));
    }

    [Fact]
    public void An_event_is_one_line_with_its_kind_first_and_states_by_name() =>
        Assert.Equal(
            """{"event":"member-moved","member":"web-1/a","from":"Pending","to":"Guarding","trigger":"Begin"}""",
            JournalFormat.Write(Samples.Events.OfType<MemberMoved>().First()));

    [Theory]
    [InlineData("""{"event":"run-forgotten"}""")]
    [InlineData("""{"event":"intent-recorded","intent":{"intent":"reboot","id":"web-1/a#1","member":"web-1/a"}}""")]
    [InlineData("""{"event":"outcome-recorded","intent":"web-1/a#1","outcome":{"outcome":"hoped"}}""")]
    [InlineData("""{"event":"member-moved","member":"web-1","from":"Pending","to":"Guarding","trigger":"Begin"}""")]
    [InlineData("""{"event":"member-moved","member":"web-1/a","from":"Asleep","to":"Guarding","trigger":"Begin"}""")]
    [InlineData("null")]
    [InlineData("{")]
    public void What_is_no_event_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JournalFormat.Read(json));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"member":"web-1/a"}""")]
    public void What_does_not_say_what_it_is_is_refused(string json) =>
        Assert.ThrowsAny<Exception>(() => JournalFormat.Read(json));

    [Theory]
    [InlineData("""{"event":"member-moved","from":"Pending","to":"Guarding","trigger":"Begin"}""", "member")]
    [InlineData("""{"event":"member-moved","member":"web-1/a","to":"Guarding","trigger":"Begin"}""", "from")]
    [InlineData("""{"event":"member-waits","member":"web-1/a"}""", "why")]
    [InlineData("""{"event":"member-waits","member":"web-1/a","why":[null]}""", "Reason")]
    [InlineData("""{"event":"member-waits","member":"web-1/a","why":[{"code":"x","text":"y"}]}""", "endsWhen")]
    [InlineData("""{"event":"run-halted","why":{"code":"x","text":null,"endsWhen":"z"}}""", "text")]
    [InlineData("""{"event":"rollback-ordered","pairs":["web-1",null]}""", "String")]
    [InlineData("""{"event":"wave-begun"}""", "wave")]
    [InlineData("""{"event":"outcome-recorded","intent":"web-1/a#1","outcome":{"outcome":"failed","deadlinePassed":true}}""", "reason")]
    [InlineData("""{"event":"outcome-recorded","intent":"web-1/a#1","outcome":{"outcome":"watched","bad":[],"last":[{"id":"web-1/b"}],"looks":2}}""", "unread")]
    public void What_misses_a_part_is_refused_and_the_part_is_named(string json, string part) =>
        Assert.Contains(part, Assert.Throws<JsonException>(() => JournalFormat.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_part_that_is_written_can_be_taken_away_without_its_being_seen()
    {
        foreach (var happened in Samples.Events)
        {
            var parts = JsonNode.Parse(JournalFormat.Write(happened))!.AsObject();
            foreach (var name in parts.Select(part => part.Key).Where(name => name != "event" && Required(happened.GetType(), name)))
            {
                var damaged = parts.DeepClone().AsObject();
                damaged.Remove(name);
                Assert.Throws<JsonException>(() => JournalFormat.Read(damaged.ToJsonString()));
            }
        }
    }

    private static bool Required(Type type, string name) =>
        new NullabilityInfoContext() is var nullability
        && type.GetConstructors()[0].GetParameters().SingleOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)) is { HasDefaultValue: false } parameter
        && nullability.Create(parameter).ReadState == NullabilityState.NotNull;

    [Fact]
    public void What_a_later_version_adds_is_passed_over() =>
        Assert.Equal(new WaveBegun(2), JournalFormat.Read("""{"event":"wave-begun","wave":2,"colour":"green"}"""));
}
