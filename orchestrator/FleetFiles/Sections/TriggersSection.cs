using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>What starts runs beside people and patch windows.</summary>
internal static class TriggersSection
{
    public static TriggerSettings? Read(Field field, ImageChoice? image) => field.Mapping(map => Read(map, image));

    private static TriggerSettings Read(MappingReader map, ImageChoice? image)
    {
        var onNewImage = map.Optional("onNewImage");
        var start = onNewImage.Choice(("none", NewImageStart.None), ("propose", NewImageStart.Propose), ("run", NewImageStart.Run)) ?? NewImageStart.None;
        if (start != NewImageStart.None && image is { Version: { } version })
            onNewImage.Fail($"'{onNewImage.Path}' has no effect while 'image' names one version, {version}", $"write image: {image.Name}, which is its newest build");
        return new TriggerSettings(
            start,
            map.Optional("superseding").Choice(("wait", Superseding.Wait), ("replace", Superseding.Replace), ("refuse", Superseding.Refuse)) ?? Superseding.Wait);
    }
}
