using CliWrap;
using CliWrap.Buffered;
using Refresh.Orchestrator.Serving.Configuration;

namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>The secrets of the service, got once at start; each is known to the redaction before anybody can use it.</summary>
internal sealed class SecretStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<SecretSource, string> _values = [];

    private SecretStore()
    {
    }

    /// <summary>Gets every secret that the settings name.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="redaction">Learns them.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <returns>The store, and what could not be got: no value is told.</returns>
    public static async Task<(SecretStore Store, IReadOnlyList<string> Mistakes)> OpenAsync(ServeSettings settings, Redaction redaction, CancellationToken cancellation)
    {
        var store = new SecretStore();
        var mistakes = new List<string>();
        var named = settings.Secrets.Select(pair => ($"secrets.{pair.Key}", pair.Value, (Func<string, string?>?)null))
            .Concat(settings.Environment.Select(pair => ($"environment.{pair.Key}", pair.Value, (Func<string, string?>?)null)))
            .Concat(settings.Chat.Secrets())
            .Concat(settings.Notices.Secrets())
            .Concat(settings.Certificate?.Password is { } password ? [("certificate.password", password, null)] : []);
        foreach (var (name, source, wrong) in named)
        {
            try
            {
                var value = await GetAsync(source, cancellation);
                if (value.Length < Redaction.Least)
                    mistakes.Add($"{name} ({source}) has fewer than {Redaction.Least} characters: too few for a secret, and to be told from other text.");
                else if (wrong?.Invoke(value) is { } what)
                    mistakes.Add($"{name} ({source}) {what}.");
                redaction.Learn(value);
                store._values[source] = value;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or System.ComponentModel.Win32Exception or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                mistakes.Add($"{name} ({source}) cannot be got: {failure.Message}");
            }
        }

        return (store, mistakes);
    }

    /// <summary>Whether a secret could be got; one that is not named is not missing.</summary>
    public bool Has(SecretSource? source) => source is null || _values.ContainsKey(source);

    /// <summary>A secret that the settings name.</summary>
    public string Get(SecretSource source) => _values[source];

    /// <summary>Gives the programs that Refresh starts their environment.</summary>
    public void SetEnvironment(ServeSettings settings)
    {
        foreach (var (variable, source) in settings.Environment)
            Environment.SetEnvironmentVariable(variable, Get(source));
    }

    private static async Task<string> GetAsync(SecretSource source, CancellationToken cancellation) => source.Kind switch
    {
        SecretKind.File => await ReadAsync(source.Argument, cancellation),
        SecretKind.Environment => Environment.GetEnvironmentVariable(source.Argument) is { Length: > 0 } value ? value : throw new InvalidDataException("there is no such variable, or it is empty."),
        SecretKind.Credential => await ReadAsync(Credential(source.Argument), cancellation),
        SecretKind.Command => await RunAsync(source.Argument, cancellation),
        _ => source.Argument,
    };

    private static string Credential(string name)
    {
        var directory = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");
        return directory is { Length: > 0 } && name == Path.GetFileName(name)
            ? Path.Combine(directory, name)
            : throw new InvalidDataException("there is no $CREDENTIALS_DIRECTORY: systemd makes it for a unit with LoadCredential=.");
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellation) =>
        (await File.ReadAllTextAsync(path, cancellation)).TrimEnd('\n', '\r');

    // What the program prints to its errors is not told: it may be the secret.
    private static async Task<string> RunAsync(string command, CancellationToken cancellation)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(Patience);
        var said = await Cli.Wrap(words[0]).WithArguments(words[1..]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(bound.Token);
        return said.ExitCode == 0 ? said.StandardOutput.TrimEnd('\n', '\r') : throw new InvalidDataException($"the program ended with exit code {said.ExitCode}.");
    }
}
