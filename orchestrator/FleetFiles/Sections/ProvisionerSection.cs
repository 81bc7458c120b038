using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>What replaces the VMs: exactly one kind.</summary>
internal static class ProvisionerSection
{
    public static ProvisionerSettings? Read(Field field, IReadOnlyList<MemberText> members, string directory) =>
        field.Mapping(kinds => kinds.OneOf<ProvisionerSettings>(
            ("lab", map => Lab(map, members)),
            ("pulumi", map => PulumiSection.Read(map, members, directory))));

    private static LabSettings? Lab(MappingReader map, IReadOnlyList<MemberText> members)
    {
        var claims = new Claims("VM", "two members cannot be one VM; each needs a 'vm' of its own");
        var vms = new Dictionary<MemberId, string>();
        foreach (var stack in members.DistinctBy(member => member.Id.Pair).Select(member => member.Stack))
            stack.Fail($"'{stack.Path}' is a name of Pulumi's, and the provisioner is lab", "leave it out");
        foreach (var member in members)
        {
            var vm = member.Vm.IsGiven ? member.Vm.Name() : member.Id.Name;
            if (vm is null)
                continue;
            vms[member.Id] = vm;
            claims.Claim(vm, $"member {member.Id}", member.Vm.IsGiven ? member.Vm : member.At);
        }

        return map.Required("url").Url() is { } url ? new LabSettings(url, vms) : null;
    }
}
