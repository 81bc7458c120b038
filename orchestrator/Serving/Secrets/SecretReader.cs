using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Refresh.Orchestrator.Serving.Configuration;

namespace Refresh.Orchestrator.Serving.Secrets;

/// <summary>Reads settings that are secrets. In the configuration's own file only their source may stand, never they themselves.</summary>
internal sealed class SecretReader(IConfigurationRoot configuration)
{
    private const string Sources = "name where it is: file:PATH, env:NAME, credential:NAME or command:PROGRAM";

    /// <summary>A secret that may be left out.</summary>
    public SecretSource? Optional(SettingReader section, string key) =>
        section.Text(key) is { } text ? Of(section, key, text, section.Path.Length == 0 ? key : $"{section.Path.Replace('.', ':')}:{key}") : null;

    /// <summary>A section of secrets whose keys are the user's own.</summary>
    public IReadOnlyDictionary<string, SecretSource> Entries(SettingReader section, string key)
    {
        var entries = new Dictionary<string, SecretSource>(StringComparer.Ordinal);
        foreach (var (name, text) in section.Entries(key))
        {
            if (Of(section, $"{key}.{name}", text, $"{key}:{name}") is { } source)
                entries.Add(name, source);
        }

        return entries;
    }

    private SecretSource? Of(SettingReader section, string key, string text, string path)
    {
        var source = SecretSource.Parse(text);
        if (source.Argument.Length == 0)
            section.Wrong(key, $"names no secret: {Sources}");
        else if (source.Kind == SecretKind.Given && IsInFile(path))
            section.Wrong(key, $"is a secret, and must not stand in the file: {Sources}");
        else
            return source;
        return null;
    }

    // The last provider that knows a key is the one that is used.
    private bool IsInFile(string path) =>
        configuration.Providers.LastOrDefault(provider => provider.TryGet(path, out _)) is JsonConfigurationProvider { Source.Path: not "secrets.json" };
}
