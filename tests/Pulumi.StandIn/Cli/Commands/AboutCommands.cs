using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Projects;

namespace Refresh.PulumiStandIn.Cli.Commands;

/// <summary><c>version</c>, <c>about</c>, <c>whoami</c> and <c>plugin ls</c>.</summary>
internal static class AboutCommands
{
    public static Task<int> Version() => Say(PulumiVersion.Text);

    public static Task<int> About(Arguments arguments)
    {
        var about = new JsonObject
        {
            ["cli"] = new JsonObject { ["version"] = PulumiVersion.Text[1..], ["goVersion"] = "stand-in", ["goCompiler"] = "stand-in" },
            ["plugins"] = List(),
            ["host"] = new JsonObject { ["os"] = "linux", ["version"] = Environment.OSVersion.VersionString, ["arch"] = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant() },
        };
        if (Project.IsThere(Directory(arguments)))
        {
            var workspace = Workspace.Of(arguments);
            about["runtime"] = new JsonObject { ["language"] = workspace.Project.Runtime };
            about["backend"] = new JsonObject { ["name"] = Environment.MachineName, ["url"] = workspace.Backend.Url, ["user"] = Environment.UserName, ["organizations"] = new JsonArray() };
        }

        return Say(arguments.Has("json") ? Json.Indented(about) : $"CLI\nVersion      {PulumiVersion.Text[1..]}");
    }

    public static Task<int> WhoAmI(Arguments arguments)
    {
        var url = Backends.Backend.Open(Project.IsThere(Directory(arguments)) ? Project.Load(Directory(arguments)).Backend : null, string.Empty).Url;
        return Say(arguments.Has("json") ? Json.Indented(new JsonObject { ["user"] = Environment.UserName, ["organizations"] = new JsonArray(), ["url"] = url }) : Environment.UserName);
    }

    public static Task<int> Plugins(Arguments arguments)
    {
        var plugins = List();
        return Say(arguments.Has("json") ? Json.Indented(plugins) : "NAME     KIND      VERSION\n" + string.Join('\n', plugins.Select(one => $"{one!["name"]}  {one["kind"]}  {one["version"]}")));
    }

    private static JsonArray List() =>
    [
        new JsonObject { ["name"] = "vsphere", ["kind"] = "resource", ["version"] = PulumiVersion.Provider },
        new JsonObject { ["name"] = "yaml", ["kind"] = "language", ["version"] = "1.38.1" },
    ];

    private static string Directory(Arguments arguments) => Path.GetFullPath(arguments.Value("cwd") ?? Environment.CurrentDirectory);

    private static Task<int> Say(string text)
    {
        Console.WriteLine(text);
        return Task.FromResult(0);
    }
}
