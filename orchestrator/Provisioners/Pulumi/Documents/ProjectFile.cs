using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>What is needed of <c>Pulumi.yaml</c>.</summary>
/// <param name="Name">The project's name, which stands before the keys of its configuration.</param>
/// <param name="Runtime">Its language, for example <c>yaml</c> or <c>dotnet</c>.</param>
internal sealed record ProjectFile(string Name, string Runtime)
{
    /// <exception cref="DocumentException">It is no YAML, or lacks name or runtime.</exception>
    public static ProjectFile Parse(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var root = stream.Documents is [{ RootNode: YamlMappingNode mapping }, ..] ? mapping : throw new FormatException("it is not a mapping");
            return new ProjectFile(
                Scalar(root, "name") ?? throw new FormatException("it has no name"),
                Scalar(root, "runtime") ?? (Find(root, "runtime") is YamlMappingNode runtime ? Scalar(runtime, "name") : null) ?? throw new FormatException("it has no runtime"));
        }
        catch (Exception fault) when (fault is YamlException or FormatException or ArgumentException)
        {
            throw new DocumentException("Pulumi.yaml", fault.Message, fault);
        }
    }

    private static YamlNode? Find(YamlMappingNode mapping, string key) => mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static string? Scalar(YamlMappingNode mapping, string key) => Find(mapping, key) is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
}
