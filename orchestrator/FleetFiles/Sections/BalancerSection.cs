using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>The load balancer: exactly one kind.</summary>
internal static class BalancerSection
{
    public static BalancerSettings? Read(Field field, IReadOnlyList<MemberText> members, string directory) =>
        field.Mapping(kinds => kinds.OneOf<BalancerSettings>(
            ("haproxy", map => HAProxySection.Read(map, members, directory)),
            ("yarp", map => YarpSection.Read(map, members, directory))));
}
