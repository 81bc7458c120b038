using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.FleetFiles.Sections;

/// <summary>A member as the file has it, with what the balancer and the provisioner call it.</summary>
/// <param name="Id">Its name; where its own or its pair's is damaged, its place in the document stands in.</param>
/// <param name="At">The member.</param>
/// <param name="Address">Where it serves; null when damaged.</param>
/// <param name="Server">Key <c>server</c>.</param>
/// <param name="Backend">Key <c>backend</c>.</param>
/// <param name="Vm">Key <c>vm</c>.</param>
/// <param name="Stack">Key <c>stack</c> of its pair.</param>
internal sealed record MemberText(MemberId Id, Field At, Endpoint? Address, Field Server, Field Backend, Field Vm, Field Stack);

/// <summary>The pairs and their members.</summary>
internal sealed class PairsSection
{
    private readonly Claims pairNames = new("pair", "the names of pairs are unique in a fleet");
    private readonly Claims addresses = new("address", "two members cannot serve at one address");
    private readonly List<MemberText> members = [];

    /// <summary>The pairs that can be read, and every member, also those of damaged pairs.</summary>
    public static (IReadOnlyList<Pair> Pairs, IReadOnlyList<MemberText> Members) Read(Field field)
    {
        var section = new PairsSection();
        var pairs = field.List(item => item.Mapping(section.ReadPair));
        return (pairs ?? [], section.members);
    }

    private Pair? ReadPair(MappingReader map)
    {
        var nameField = map.Required("name");
        var name = nameField.Name();
        if (name is not null)
            pairNames.Claim(name, "another pair", nameField);
        var both = ReadMembers(map.Required("members"), name ?? map.Path, map.Optional("stack"));
        return both is [{ Address: { } first }, { Address: { } second }]
            ? new Pair(name ?? map.Path, new Member(both[0].Id, first), new Member(both[1].Id, second))
            : null;
    }

    private IReadOnlyList<MemberText>? ReadMembers(Field field, string pair, Field stack)
    {
        var names = new Claims("member", "the names of members are unique in a pair");
        var read = field.List(item => item.Mapping(map => ReadMember(map, item, pair, stack, names)), atLeast: 0);
        if (read is not null && field.Items(atLeast: 0).Count is not 2 and var count)
            field.Fail($"a pair has exactly two members, not {count}", count == 1 ? "give it the peer that serves while the other is rebuilt" : null);
        members.AddRange(read ?? []);
        return read;
    }

    private MemberText ReadMember(MappingReader map, Field at, string pair, Field stack, Claims names)
    {
        var nameField = map.Required("name");
        var addressField = map.Required("address");
        var name = nameField.Name();
        var address = addressField.ReachableEndpoint();
        var id = new MemberId(pair, name ?? map.Path);
        if (name is not null)
            names.Claim(name, "its peer", nameField);
        if (address is not null)
            addresses.Claim($"{address}", $"member {id}", addressField);
        return new MemberText(id, at, address, map.Optional("server"), map.Optional("backend"), map.Optional("vm"), stack);
    }
}
