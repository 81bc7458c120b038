using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Sections;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Workflows.Trust;

namespace Refresh.Orchestrator.FleetFiles;

/// <summary>Reads image policy files: the policy of those who make images, for every fleet that uses them.</summary>
public static class ImagePolicyFile
{
    /// <summary>The file's name in the directory of the images.</summary>
    public const string Name = "image-policy.yaml";

    /// <summary>Reads the text of an image policy file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file it came from, for messages.</param>
    /// <returns>The policy, or every mistake in it, each in a line.</returns>
    public static (ImagePolicy? Policy, IReadOnlyList<string> Mistakes) Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var mistakes = new MistakeList();
        var document = YamlDocument.Read(text, mistakes);
        var field = document is null ? null : new Field(string.Empty, document, mistakes);
        var policy = document is YamlMapping
            ? field!.Mapping(map => Read(map, path))
            : field?.Fail<ImagePolicy>("an image policy file is a mapping that begins with 'apiVersion: refresh/v1' and 'kind: ImagePolicy'");
        var lines = mistakes.InOrder().Select(mistake => mistake.In(path)).ToList();
        return (lines.Count == 0 ? policy : null, lines);
    }

    private static ImagePolicy Read(MappingReader map, string path)
    {
        FleetSection.Constant(map.Required("apiVersion"), FleetSection.ApiVersion, "this refresh reads no other");
        FleetSection.Constant(map.Required("kind"), "ImagePolicy", "an image policy file holds one policy");
        return ImagePolicySection.Read(map, Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
    }
}
