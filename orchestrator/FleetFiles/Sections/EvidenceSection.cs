using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>Reads how the evidence of runs is kept.</summary>
internal static class EvidenceSection
{
    public static EvidenceSettings? Read(Field field, string directory) =>
        field.Mapping(map => new EvidenceSettings(map.Optional("directory").File(directory), map.Optional("key").File(directory)));
}
