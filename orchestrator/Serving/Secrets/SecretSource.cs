namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>Where a secret comes from. It never shows the secret itself.</summary>
/// <param name="Kind">How it is got.</param>
/// <param name="Argument">The file, variable, credential or program; for <see cref="SecretKind.Given"/>, the secret.</param>
internal sealed record SecretSource(SecretKind Kind, string Argument)
{
    /// <summary>Reads how a configuration names a secret: <c>file:PATH</c>, <c>env:NAME</c>, <c>credential:NAME</c>, <c>command:PROGRAM ARGUMENTS</c>, or the secret itself.</summary>
    public static SecretSource Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        SecretKind? kind = colon < 0 ? null : text[..colon] switch
        {
            "file" => SecretKind.File,
            "env" => SecretKind.Environment,
            "credential" => SecretKind.Credential,
            "command" => SecretKind.Command,
            _ => null,
        };
        return kind is { } known ? new SecretSource(known, text[(colon + 1)..].Trim()) : new SecretSource(SecretKind.Given, text);
    }

    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        SecretKind.Given => "[redacted]",
        SecretKind.Environment => $"env:{Argument}",
        _ => $"{Kind.ToString().ToLowerInvariant()}:{Argument}",
    };
}

/// <summary>How a secret is got.</summary>
internal enum SecretKind
{
    /// <summary>It stands in the configuration: in user secrets, a systemd credential or the environment.</summary>
    Given,

    /// <summary>The content of a file.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>A file in systemd's <c>$CREDENTIALS_DIRECTORY</c>.</summary>
    Credential,

    /// <summary>What a program prints.</summary>
    Command,
}
