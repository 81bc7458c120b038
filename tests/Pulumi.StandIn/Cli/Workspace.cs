using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Backends;
using Refresh.PulumiStandIn.Faults;
using Refresh.PulumiStandIn.Projects;

namespace Refresh.PulumiStandIn.Cli;

/// <summary>Where a command works: the project, its backend, and the stack that it is about.</summary>
internal sealed class Workspace(Project project, Backend backend, string? chosen)
{
    public Project Project => project;

    public Backend Backend => backend;

    /// <summary>The stack, which must exist.</summary>
    public string Stack
    {
        get
        {
            var stack = Name ?? throw new PulumiFailure("no stack selected; please use `pulumi stack select` or `pulumi stack init` to choose one");
            return backend.Has(stack) ? stack : throw new PulumiFailure($"no stack named '{stack}' found", PulumiFailure.NoSuchStack);
        }
    }

    /// <summary>The stack's name, by flag, environment or selection.</summary>
    public string? Name => (chosen ?? Environment.GetEnvironmentVariable("PULUMI_STACK") ?? Selected)?.Split('/')[^1];

    public string? Selected => File.Exists(SelectionFile) ? JsonNode.Parse(File.ReadAllText(SelectionFile)).As().Text("stack") : null;

    public StateStore State => new(backend, Stack);

    public StackConfig Config => StackConfig.Load(ConfigFile ?? project.ConfigFile(Stack), project.Name);

    public string? ConfigFile { get; init; }

    public StandInFaults Faults => new(backend.Directory, Stack);

    private string SelectionFile
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("PULUMI_HOME") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".pulumi");
#pragma warning disable CA5350 // The name of a file, as Pulumi makes it.
            var hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Path.Combine(project.Directory, "Pulumi.yaml"))));
#pragma warning restore CA5350
            return Path.Combine(home, "workspaces", $"{project.Name}-{hash}-workspace.json");
        }
    }

    public static Workspace Of(Arguments arguments)
    {
        var project = Project.Load(Path.GetFullPath(arguments.Value("cwd") ?? Environment.CurrentDirectory));
        return new(project, Backend.Open(project.Backend, project.Name), arguments.Value("stack")) { ConfigFile = arguments.Value("config-file") };
    }

    public void Select(string stack)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SelectionFile)!);
        File.WriteAllText(SelectionFile, Json.Line(new JsonObject { ["stack"] = stack }));
    }
}
