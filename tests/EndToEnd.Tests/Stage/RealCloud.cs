using Refresh.Orchestrator.Demo;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>The real pulumi, provider and vCenter that the environment names.</summary>
/// <param name="Pulumi">The program.</param>
/// <param name="Old">The UUID of the template that VMs begin with.</param>
/// <param name="New">The UUID of the patched one.</param>
/// <param name="Placement">Lines of configuration that say where VMs go.</param>
internal sealed record RealCloud(string Pulumi, string Old, string New, string Placement)
{
    // Two VMs of a simulator's inventory; their UUIDs are the same in every one.
    private const string SimulatedOld = "7dc847e3-ffa0-55fc-9c65-18f9246b4527";
    private const string SimulatedNew = "a0cb3cff-afd1-5417-aac7-58c7036c22dc";

    private static readonly string[] s_needed = ["VSPHERE_SERVER", "VSPHERE_USER", "VSPHERE_PASSWORD"];

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing()
    {
        if (s_needed.Where(name => Variable(name) is null).ToList() is { Count: > 0 } unset)
            return $"{string.Join(", ", unset)} {(unset.Count == 1 ? "is" : "are")} not set: docs/real-pulumi.md says how to run it";
        foreach (var program in new[] { "pulumi", "pulumi-language-yaml", "pulumi-resource-vsphere" })
            if (Find(program) is null)
                return $"there is no {program} on PATH: docs/real-pulumi.md says how to run it";
        return null;
    }

    public static RealCloud Find() => new(
        Find("pulumi")!,
        Variable("REFRESH_REAL_OLD_IMAGE") ?? SimulatedOld,
        Variable("REFRESH_REAL_NEW_IMAGE") ?? SimulatedNew,
        Variable("REFRESH_REAL_CONFIG") is { } file ? File.ReadAllText(file) : StackCloud.Simulated);

    public StackCloud Stacks() => new(
        s_needed.Append("VSPHERE_ALLOW_UNVERIFIED_SSL").ToDictionary(name => name, Variable).Where(variable => variable.Value is not null).ToDictionary(), Old, Placement);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string? Find(string program) => (Variable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
