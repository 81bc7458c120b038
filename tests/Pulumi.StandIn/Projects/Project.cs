using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Cli;

namespace Refresh.PulumiStandIn.Projects;

/// <summary>A <c>Pulumi.yaml</c> of the YAML runtime.</summary>
internal sealed class Project
{
    private Project(string directory, string text, JsonObject content) => (Directory, Text, Content) = (directory, text, content);

    public string Directory { get; }

    public string Text { get; }

    public string Name => Content.Text("name") ?? throw new PulumiFailure("could not unmarshal 'Pulumi.yaml': project is missing a 'name' attribute");

    public string Runtime => Content.Text("runtime") ?? Content["runtime"].At("name")?.GetValue<string>() ?? string.Empty;

    public string? Backend => Content["backend"].At("url")?.GetValue<string>();

    public JsonObject Content { get; }

    /// <summary>Whether a folder, or one above it, has a project.</summary>
    public static bool IsThere(string directory) => Find(directory) is not null;

    /// <summary>The project of a folder, or of the next one above it that has one.</summary>
    public static Project Load(string directory)
    {
        var file = Find(directory)
            ?? throw new PulumiFailure($"no Pulumi.yaml project file found (searching upwards from {directory}). If you have not created a project yet, use `pulumi new` to do so: no project file found");
        try
        {
            var text = File.ReadAllText(file);
            return new(Path.GetDirectoryName(file)!, text, Yaml.Read(text) as JsonObject ?? throw new InvalidDataException("it is not a map"));
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or InvalidDataException)
        {
            throw new PulumiFailure($"failed to load Pulumi project located at \"{file}\": could not unmarshal '{file}': {e.Message}");
        }
    }

    /// <summary>The file of a stack's configuration.</summary>
    public string ConfigFile(string stack) => Path.Combine(Directory, Content.Text("stackConfigDir") ?? string.Empty, $"Pulumi.{stack}.yaml");

    private static string? Find(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
                return Path.Combine(folder.FullName, "Pulumi.yaml");
        return null;
    }
}
