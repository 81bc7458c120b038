using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.FleetFiles.Yaml;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>The image that a run goes to: <c>web</c>, <c>web@1.1.0</c> or a mapping.</summary>
internal static class ImageSection
{
    public static ImageChoice? Read(Field field) =>
        field.Value is YamlMapping ? field.Mapping(Long) : Short(field);

    private static ImageChoice? Long(MappingReader map)
    {
        var name = map.Required("name").Name();
        var version = map.Optional("version").Version();
        return name is null ? null : new ImageChoice(name, version);
    }

    private static ImageChoice? Short(Field field)
    {
        if (field.Text() is not { } text)
            return null;
        var parts = text.Split('@', 2);
        return Names.IsName(parts[0]) && (parts.Length == 1 || Names.IsVersion(parts[1]))
            ? new ImageChoice(parts[0], parts.ElementAtOrDefault(1))
            : field.Fail<ImageChoice>($"'{field.Path}' must be an image, not {field.Written}", "write web@1.1.0, or web for its newest build");
    }
}
