using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Orchestrator.Tests.FleetFiles;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>What the real pulumi printed, and the contract that its outputs, older than it, do not state yet.</summary>
internal static class Recordings
{
    private const string Vm = "urn:pulumi:web-01::vsphere-pair::vsphere:index/virtualMachine:VirtualMachine::";

    public const string UrnA = Vm + "memberA";
    public const string UrnB = Vm + "memberB";
    public const string Rule = "urn:pulumi:web-01::vsphere-pair::vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule::antiAffinity";
    public const string OldImage = "7dc847e3-ffa0-55fc-9c65-18f9246b4527";
    public const string NewImage = "a0cb3cff-afd1-5417-aac7-58c7036c22dc";

    public static StackContract Contract { get; } = new(
        new('A', UrnA, "/DC0/vm/web-01a"), new('B', UrnB, "/DC0/vm/web-01b"), Rule, new("moid", "clone.templateUuid", "powerState"));

    public static string Folder { get; } = Path.Combine(Texts.Root, "tests", "Orchestrator.Tests", "Provisioners", "Pulumi", "Recordings");

    public static IEnumerable<string> Named(string pattern) => Directory.EnumerateFiles(Folder, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public static StackState State(string name) => StackState.Parse(Read($"{name}.export.json"));

    public static PreviewDocument Preview(string name) => PreviewDocument.Parse(Read($"{name}.out"));
}
