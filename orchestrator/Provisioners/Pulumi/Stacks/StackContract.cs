using System.Text.Json;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Stacks;

/// <summary>What a stack's outputs say of its two members (docs/stack-contract.md). Only what a rebuild keeps is taken from them: an update that fails leaves the rest as it was.</summary>
/// <param name="A">Member A.</param>
/// <param name="B">Member B.</param>
/// <param name="Rule">The URN of the one other resource that a rebuild may touch, or null.</param>
/// <param name="Properties">Where in a VM's resource what is read of it stands.</param>
internal sealed record StackContract(ContractMember A, ContractMember B, string? Rule, VmProperties Properties)
{
    private const string RuleType = "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule";

    /// <exception cref="DocumentException">Outputs are missing.</exception>
    public static StackContract Of(StackState state)
    {
        try
        {
            var outputs = state.Outputs ?? throw new FormatException("there are none: the program was never brought up to its end");
            var members = outputs.GetProperty("members");
            return new StackContract(
                ContractMember.Read('A', members.GetProperty("a")),
                ContractMember.Read('B', members.GetProperty("b")),
                outputs.OptionalText("antiAffinity") ?? state.Resources.FirstOrDefault(resource => resource.Type == RuleType)?.Urn,
                VmProperties.Read(outputs.Optional("properties")));
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DocumentException("the stack's outputs", fault.Message, fault);
        }
    }

    public ContractMember Get(char letter) => letter == 'A' ? A : B;

    public ContractMember PeerOf(ContractMember member) => member.Letter == 'A' ? B : A;

    public bool IsRule(string urn) => urn == Rule || Urns.Type(urn) == RuleType;
}

/// <summary>What the outputs say of one member.</summary>
/// <param name="Letter"><c>A</c> or <c>B</c>, as in its configuration keys.</param>
/// <param name="Urn">The URN of its VM.</param>
/// <param name="ImportId">What <c>pulumi import</c> takes for a VM of its name, or null where that is not known beforehand.</param>
internal sealed record ContractMember(char Letter, string Urn, string? ImportId)
{
    /// <summary>Whether the outputs give a second identity, which its resource must then have too.</summary>
    public bool HasHandle { get; init; }

    public string NameKey => $"member{Letter}Name";

    public string AddressKey => $"member{Letter}Address";

    public string ImageKey => $"member{Letter}Image";

    public string ImageVersionKey => $"member{Letter}ImageVersion";

    public static ContractMember Read(char letter, JsonElement member)
    {
        foreach (var needed in (string[])["id", "name", "image"])
            _ = member.Text(needed);
        _ = member.GetProperty("address");
        return new(letter, member.Text("urn"), member.OptionalText("importId")) { HasHandle = member.OptionalText("moid") is not null };
    }
}

/// <summary>The properties of a VM's resource that are read, as dotted paths.</summary>
/// <param name="Handle">The second identity.</param>
/// <param name="Image">What it was made from.</param>
/// <param name="Power">Whether it runs.</param>
internal sealed record VmProperties(string Handle, string Image, string Power)
{
    public static VmProperties Read(JsonElement? given) => new(Path(given, "moid", "moid"), Path(given, "image", "clone.templateUuid"), Path(given, "power", "powerState"));

    private static string Path(JsonElement? given, string key, string vsphere) => given?.OptionalText(key) ?? vsphere;
}
