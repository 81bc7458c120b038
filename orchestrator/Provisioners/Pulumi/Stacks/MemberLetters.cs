using System.Collections.Concurrent;
using System.Net;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>
/// Which of a stack's members a member of the fleet is: the one whose VM has the name that the fleet file gives, else the one
/// with its address. A mistake here would rebuild the peer, so both must agree where both are known.
/// </summary>
internal sealed class MemberLetters(string project, IReadOnlyDictionary<MemberId, string> vms)
{
    private readonly ConcurrentDictionary<MemberId, char> _known = new();

    /// <exception cref="AdapterException">It cannot be told, or name and address contradict each other.</exception>
    public async Task<char> FindAsync(Member member, PulumiStack stack, CancellationToken cancellation) =>
        _known.TryGetValue(member.Id, out var letter) ? letter : _known[member.Id] = Find(member, stack.Name, await stack.ConfigAsync(cancellation));

    public char Find(Member member, string stack, ConfigDocument config)
    {
        var byAddress = Only(config, "Address", member.Address.Host);
        var byName = vms.TryGetValue(member.Id, out var vm) ? Only(config, "Name", vm) : null;
        if (vm is not null && byName is null)
            throw Unknown(member, stack, $"none of its VMs is named {vm}: {Shown(config, "Name")}");
        if (byName is not null && byAddress is not null && byName != byAddress)
            throw Unknown(member, stack, $"{vm} is its member {byName}, but {member.Address.Host} is the address of its member {byAddress}");
        if (byName is not null && byAddress is null && IPAddress.TryParse(member.Address.Host, out _))
            throw Unknown(member, stack, $"its member {byName} is {vm} and has another address than {member.Address.Host}: {Shown(config, "Address")}");
        return byName ?? byAddress ?? throw Unknown(member, stack, $"none of its VMs has the address {member.Address.Host}: {Shown(config, "Address")}");
    }

    private char? Only(ConfigDocument config, string what, string value) =>
        (Value(config, 'A', what) == value, Value(config, 'B', what) == value) switch
        {
            (true, false) => 'A',
            (false, true) => 'B',
            _ => null,
        };

    private string Shown(ConfigDocument config, string what) =>
        string.Join(", ", "AB".Select(letter => $"member{letter}{what} is {Value(config, letter, what) ?? "not given"}"));

    private string? Value(ConfigDocument config, char letter, string what) => config.Values.GetValueOrDefault($"{project}:member{letter}{what}");

    private static AdapterException Unknown(Member member, string stack, string why) =>
        new(new Reason("member-unknown", $"{member.Id} is not found in stack {stack}: {why}", "correct address or 'vm' in the fleet file, or the configuration of the stack"));
}
