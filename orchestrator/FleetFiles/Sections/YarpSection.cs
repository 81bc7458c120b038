using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>YARP, run inside Refresh.</summary>
internal static class YarpSection
{
    public static YarpSettings Read(MappingReader map, IReadOnlyList<MemberText> members, string directory)
    {
        var listenField = map.Required("listen");
        var listen = listenField.Endpoint();
        foreach (var member in members)
        {
            Refuse(member.Server);
            Refuse(member.Backend);
            if (listen is not null && listen == member.Address)
                listenField.Fail($"address {listen} is already used by member {member.Id} (line {member.At.Line}): the balancer needs one of its own");
        }

        return new YarpSettings(
            listen ?? new Endpoint(string.Empty, 0),
            map.Optional("healthPath").UrlPath() ?? "/health",
            map.Optional("healthInterval").Interval() ?? TimeSpan.FromSeconds(1),
            map.Optional("stateFile").File(directory) ?? Path.GetFullPath("yarp-state.json", directory));
    }

    private static void Refuse(Field field) =>
        field.Fail($"'{field.Path}' is a name of HAProxy's, and the balancer is yarp", "leave it out");
}
