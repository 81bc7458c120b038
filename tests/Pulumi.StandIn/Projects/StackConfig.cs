using System.Text.Json.Nodes;
using Refresh.PulumiStandIn.Cli;
using YamlDotNet.Serialization;

namespace Refresh.PulumiStandIn.Projects;

/// <summary>A stack's <c>Pulumi.STACK.yaml</c>: configuration in plain text and under the passphrase.</summary>
internal sealed class StackConfig
{
    private readonly string _file;
    private readonly JsonObject _content;
    private readonly string _project;
    private Passphrase? _passphrase;

    private StackConfig(string file, JsonObject content, string project) => (_file, _content, _project) = (file, content, project);

    public string? Salt => _content.Text("encryptionsalt");

    private JsonObject Entries => _content["config"] as JsonObject ?? [];

    public static StackConfig Load(string file, string project)
    {
        try
        {
            return new(file, (File.Exists(file) ? Yaml.Read(File.ReadAllText(file)) as JsonObject : null) ?? [], project);
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw new PulumiFailure($"could not unmarshal '{file}': {e.Message}");
        }
    }

    /// <summary>Opens what is encrypted, or throws that the passphrase is wrong.</summary>
    public Passphrase Open()
    {
        if (_passphrase is not null)
            return _passphrase;
        _passphrase = Salt is { } salt ? Passphrase.Open(salt) : Passphrase.Create();
        _content["encryptionsalt"] = _passphrase.Salt;
        return _passphrase;
    }

    /// <summary>All values by their full names; secrets in clear.</summary>
    public JsonObject Values()
    {
        var values = new JsonObject();
        foreach (var (key, value) in Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            values[key] = value.At("secure") is { } secure ? Open().Decrypt(secure.GetValue<string>()) : value?.DeepClone();
        return values;
    }

    /// <summary>All values as a preview shows them: as texts, without secrets.</summary>
    public JsonObject Shown()
    {
        var values = new JsonObject();
        foreach (var (key, value) in Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            values[key] = IsSecret(key) ? "[secret]" : value is JsonValue ? value.ToString() : Json.Line(value);
        return values;
    }

    public bool IsSecret(string key) => Entries[key].At("secure") is not null;

    public string Qualify(string key) => key.Contains(':', StringComparison.Ordinal) ? key : $"{_project}:{key}";

    public void Set(string key, string value, bool secret, bool path)
    {
        _content["config"] ??= new JsonObject();
        JsonNode written = secret ? new JsonObject { ["secure"] = Open().Encrypt(value) } : value;
        var parts = path ? Qualify(key).Split('.') : [Qualify(key)];
        var into = Entries;
        foreach (var part in parts[..^1])
            into = (JsonObject)(into[part] ??= new JsonObject());
        into[parts[^1]] = written;
    }

    public bool Remove(string key) => Entries.Remove(Qualify(key));

    public void Write()
    {
        var serializer = new SerializerBuilder().WithQuotingNecessaryStrings().Build();
        File.WriteAllText(_file, serializer.Serialize(Plain(_content)!));
    }

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject map => map.ToDictionary(entry => entry.Key, entry => Plain(entry.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        JsonValue value when value.TryGetValue(out long whole) => whole,
        JsonValue value when value.TryGetValue(out double number) => number,
        null => null,
        _ => node.GetValue<string>(),
    };
}
