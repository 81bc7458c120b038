using Microsoft.Extensions.Configuration;

namespace Refresh.Orchestrator.Serving.Configuration;

/// <summary>Where the configuration of the service comes from; what is later wins: its file, user secrets, systemd's credentials, the environment, the command line.</summary>
internal static class ServeConfiguration
{
    /// <summary>The id of the user secrets, as <c>dotnet user-secrets --id</c> takes it.</summary>
    public const string UserSecrets = "refresh-serve";

    /// <summary>What environment variables begin with: <c>REFRESH_SERVE_limits__bodyBytes</c>.</summary>
    public const string Prefix = "REFRESH_SERVE_";

    /// <summary>What the name of a systemd credential begins with that is a setting: <c>refresh.certificate__password</c>.</summary>
    private const string CredentialPrefix = "refresh.";

    /// <summary>Reads all sources.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="told">What the command line says.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or is no JSON; the message says which and where.</exception>
    public static IConfigurationRoot Read(string? file, IEnumerable<KeyValuePair<string, string?>> told)
    {
        if (file is not null && !File.Exists(file))
            throw new InvalidDataException($"{file}: there is no such file.");
        try
        {
            var builder = new ConfigurationBuilder();
            if (file is not null)
                builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
            return builder
                .AddUserSecrets(UserSecrets)
                .AddInMemoryCollection(Credentials())
                .AddEnvironmentVariables(Prefix)
                .AddInMemoryCollection(told)
                .Build();
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file ?? "The configuration"}: {unreadable.GetBaseException().Message}", unreadable);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Credentials() =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } directory && Directory.Exists(directory)
            ? Directory.GetFiles(directory, CredentialPrefix + "*").Select(path => KeyValuePair.Create<string, string?>(
                Path.GetFileName(path)[CredentialPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), File.ReadAllText(path).TrimEnd('\n', '\r')))
            : [];
}
