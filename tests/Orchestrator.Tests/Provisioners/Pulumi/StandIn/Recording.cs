using System.Globalization;
using System.Text.Json.Nodes;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi.StandIn;

/// <summary>One recorded command of the real thing.</summary>
internal static class Recording
{
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Provisioners", "Pulumi", "Recordings");

    public static IEnumerable<string> Commands => System.IO.Directory.EnumerateFiles(Directory, "*.cmd").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    /// <summary>The arguments, without <c>pulumi</c>.</summary>
    public static string[] Arguments(string name) => Read(name, "cmd").Trim().Split(' ')[1..];

    public static Answer Answer(string name) => new(int.Parse(Read(name, "exit"), CultureInfo.InvariantCulture), Read(name, "out"), Has(name, "err") ? Read(name, "err") : string.Empty);

    public static JsonObject Export(string name) => JsonNode.Parse(Read(name, "export.json"))!.AsObject();

    public static IReadOnlyList<JsonObject> Events(string name) => Parse(Read(name, "events"));

    public static IReadOnlyList<JsonObject> Parse(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public static bool Has(string name, string extension) => File.Exists(Path.Combine(Directory, $"{name}.{extension}"));

    public static string Read(string name, string extension) => File.ReadAllText(Path.Combine(Directory, $"{name}.{extension}"));
}
