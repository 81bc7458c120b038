using System.Text.Json;
using System.Text.Json.Serialization;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Journal;

namespace Refresh.Orchestrator.Reports;

/// <summary>The report of a run as JSON, for programs: names in camel case, states by name, instants in ISO 8601, durations in seconds.</summary>
public static class JsonReport
{
    /// <summary>The name of the format; its number rises when a reader of the one before could not read what is written.</summary>
    public const string Format = "refresh-report/1";

    /// <summary>How parts of a report are written.</summary>
    internal static JsonSerializerOptions Options { get; } = new(JournalFormat.Options)
    {
        Converters = { new Seconds() },
    };

    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="load">What a load saw meanwhile; null if there was none.</param>
    /// <returns>One JSON object: <c>format</c>, <c>conclusion</c>, <c>report</c> and, if given, <c>load</c>.</returns>
    public static string Render(RunReport report, LoadSummary? load)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonSerializer.Serialize(new Document(Format, Conclusion.Of(report), report, load), Options);
    }

    private sealed record Document(string Format, Conclusion Conclusion, RunReport Report, LoadSummary? Load);

    private sealed class Seconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.TotalSeconds);
    }
}
