using System.Globalization;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Checking;

/// <summary>What must be installed: the command line, the host of the program's language, the plugins of its providers.</summary>
internal static class Requirements
{
    private const string ProviderType = "pulumi:providers:";
    private static readonly Version s_oldest = new(3, 100);

    /// <summary>Whether the command line is there and not too old; null when it is.</summary>
    public static async Task<Reason?> CommandAsync(PulumiCli cli, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            var completion = await cli.SucceedAsync(new Invocation(string.Empty, ["version"]) { Timeout = timeout }, null, cancellation);
            return Judge(completion.Output.Trim());
        }
        catch (AdapterException failure)
        {
            return failure.Reason;
        }
    }

    public static Reason? Judge(string told)
    {
        var number = told.TrimStart('v').Split('-', '+')[0];
        return !Version.TryParse(number, out var version) ? new("pulumi-version", $"`pulumi version` says '{told}', which is no version", "name the pulumi command line in 'provisioner.pulumi.command'")
            : version.Major != s_oldest.Major || version < s_oldest ? new("pulumi-version", string.Create(CultureInfo.InvariantCulture, $"pulumi is {told}; it must be {s_oldest} or a later 3.x"), "install another one")
            : null;
    }

    /// <summary>What is missing that may be why a program does not run; asked only when it does not, since hosts and plugins may be found in more ways.</summary>
    public static IEnumerable<Reason> Missing(PulumiSettings settings, ProjectFile project, StackState state)
    {
        var host = $"pulumi-language-{project.Runtime}";
        if (!Places(settings).Any(place => File.Exists(Path.Combine(place, host))))
            yield return new("language-host-missing", $"{host} is neither in PATH nor beside pulumi", $"install the language host for '{project.Runtime}'");
        foreach (var provider in Providers(state).Where(provider => !HasPlugin(settings, provider)))
            yield return new("plugin-missing", $"the plugin of provider {provider} is neither in PATH nor installed", $"pulumi plugin install resource {provider} VERSION");
    }

    private static IEnumerable<string> Providers(StackState state) => state.Resources
        .Where(resource => resource.Type.StartsWith(ProviderType, StringComparison.Ordinal))
        .Select(resource => resource.Type[ProviderType.Length..])
        .Distinct();

    private static bool HasPlugin(PulumiSettings settings, string provider) =>
        Places(settings).Any(place => File.Exists(Path.Combine(place, $"pulumi-resource-{provider}")))
        || (Path.Combine(Home(settings), "plugins") is var plugins && Directory.Exists(plugins) && Directory.EnumerateDirectories(plugins, $"resource-{provider}-v*").Any());

    private static IEnumerable<string> Places(PulumiSettings settings) =>
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        Path.GetDirectoryName(settings.Command) is { Length: > 0 } beside ? beside : Path.Combine(Home(settings), "bin"),
    ];

    private static string Home(PulumiSettings settings) =>
        settings.Access.Home ?? Environment.GetEnvironmentVariable("PULUMI_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pulumi");
}
