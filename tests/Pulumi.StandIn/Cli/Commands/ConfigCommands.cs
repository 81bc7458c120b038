using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Projects;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>config ...</c>.</summary>
internal static class ConfigCommands
{
    public static Task<int> List(Arguments arguments)
    {
        var config = Workspace.Of(arguments).Config;
        var values = arguments.Has("show-secrets") ? config.Values() : config.Shown();
        if (!arguments.Has("json"))
            return Say("KEY  VALUE\n" + string.Join('\n', values.Select(value => $"{value.Key}  {value.Value}")));
        return Say(Json.Indented(new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, (JsonNode?)Entry(value.Value, config.IsSecret(value.Key), arguments.Has("show-secrets")))))));
    }

    public static Task<int> Get(Arguments arguments)
    {
        var workspace = Workspace.Of(arguments);
        var config = workspace.Config;
        var path = Path(config, arguments);
        var value = path[1..].Aggregate(config.Values()[path[0]], (node, key) => node.At(key))
            ?? throw new PulumiFailure($"configuration key '{arguments.Words[0]}' not found for stack '{workspace.Stack}'");
        return Say(arguments.Has("json") ? Json.Indented(Entry(value, config.IsSecret(path[0]), true)) : value is JsonValue ? value.ToString() : Json.Line(value));
    }

    public static Task<int> Set(Arguments arguments)
    {
        var config = Workspace.Of(arguments).Config;
        if (arguments.Words is not [var key, ..])
            throw new PulumiFailure("accepts between 1 and 2 arg(s), received 0");
        config.Set(key, arguments.Words.Count > 1 ? arguments.Words[1] : Console.In.ReadToEnd().TrimEnd('\n'), arguments.Has("secret"), arguments.Has("path"));
        config.Write();
        return Task.FromResult(0);
    }

    public static Task<int> SetAll(Arguments arguments)
    {
        var config = Workspace.Of(arguments).Config;
        foreach (var secret in new[] { false, true })
            foreach (var (key, value) in arguments.Values(secret ? "secret" : "plaintext").Select(Pair))
                config.Set(key, value, secret, arguments.Has("path"));
        config.Write();
        return Task.FromResult(0);
    }

    public static Task<int> Remove(Arguments arguments)
    {
        var config = Workspace.Of(arguments).Config;
        _ = config.Remove(arguments.Words[0]);
        config.Write();
        return Task.FromResult(0);
    }

    private static (string Key, string Value) Pair(string written) =>
        written.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (written[..at], written[(at + 1)..]) : throw new PulumiFailure($"config value must be in the form key=value: {written}");

    private static string[] Path(StackConfig config, Arguments arguments) =>
        arguments.Words is [var key, ..] ? arguments.Has("path") ? config.Qualify(key).Split('.') : [config.Qualify(key)] : throw new PulumiFailure("accepts 1 arg(s), received 0");

    private static JsonObject Entry(JsonNode? value, bool secret, bool shown)
    {
        var entry = new JsonObject();
        if (!secret || shown)
            entry["value"] = value is JsonValue ? value.ToString() : Json.Line(value);
        if (value is JsonObject or JsonArray)
            entry["objectValue"] = value.DeepClone();
        entry["secret"] = secret;
        return entry;
    }

    private static Task<int> Say(string text)
    {
        Console.WriteLine(text);
        return Task.FromResult(0);
    }
}
