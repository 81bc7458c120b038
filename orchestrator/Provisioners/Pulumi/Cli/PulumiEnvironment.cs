using System.Collections;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Cli;

/// <summary>The environment that <c>pulumi</c> runs in. Secrets reach it here and nowhere else.</summary>
/// <param name="Variables">What is set beside what Refresh itself was given.</param>
/// <param name="Secrets">What must not be printed.</param>
internal sealed record PulumiEnvironment(IReadOnlyDictionary<string, string?> Variables, Secrets Secrets)
{
    /// <summary>Marks every process that is started for a stack, hosts and providers included, so that those left over can be found.</summary>
    public const string Mark = "REFRESH_PULUMI_STACK";

    /// <summary>The mark of a stack of the project in a folder.</summary>
    public static string MarkOf(string project, string stack) => $"{project}:{stack}";

    /// <exception cref="AdapterException">A file cannot be read.</exception>
    public static PulumiEnvironment Of(PulumiAccess access)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PULUMI_SKIP_UPDATE_CHECK"] = "true",
            ["PULUMI_DEBUG_COMMANDS"] = "true",
            ["NO_COLOR"] = "1",
        };
        if (access.Backend is { } backend)
            variables["PULUMI_BACKEND_URL"] = backend;
        if (access.Home is { } home)
            variables["PULUMI_HOME"] = home;
        var secrets = new List<string>();
        if (access.PassphraseFile is { } passphrase)
        {
            // pulumi reads the file itself, and would read these instead of it.
            (variables["PULUMI_CONFIG_PASSPHRASE_FILE"], variables["PULUMI_CONFIG_PASSPHRASE"]) = (passphrase, null);
            secrets.Add(Read(passphrase, "passphraseFile"));
        }

        if (access.EnvironmentFile is { } file)
        {
            foreach (var (name, value) in Assignments(file))
                variables[name] = value;
        }

        secrets.AddRange(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => Secrets.IsSecret((string)entry.Key))
            .Select(entry => (string?)entry.Value ?? string.Empty));
        secrets.AddRange(variables.Where(entry => Secrets.IsSecret(entry.Key)).Select(entry => entry.Value ?? string.Empty));
        return new PulumiEnvironment(variables, new Secrets(secrets));
    }

    /// <summary>Lines of <c>NAME=value</c>; empty ones and comments are let pass, quotes around a value are taken off.</summary>
    private static IEnumerable<(string Name, string Value)> Assignments(string file)
    {
        foreach (var (number, line) in Read(file, "environmentFile").Split('\n').Select(line => line.Trim()).Index())
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var parts = line.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0 || parts[0].Any(char.IsWhiteSpace))
                throw new AdapterException(new("environment-file", $"line {number + 1} of {file} is not NAME=value", "correct it; the line is not shown, since it may hold a secret"));
            yield return (parts[0], Unquoted(parts[1]));
        }
    }

    private static string Unquoted(string value) => value is ['"' or '\'', .. var inner, var end] && end == value[0] ? inner : value;

    private static string Read(string file, string key)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AdapterException(new("pulumi-file", $"{file} ('provisioner.pulumi.{key}') cannot be read: {fault.Message}", "put it there, readable for the user that Refresh runs as"), fault);
        }
    }
}
