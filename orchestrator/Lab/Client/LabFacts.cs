namespace Refresh.Lab.Client;

/// <summary>All that one needs to know to use a running lab; also its file <c>lab.json</c>.</summary>
/// <param name="Api">The address of its HTTP interface.</param>
/// <param name="Pid">The lab's process.</param>
/// <param name="Directory">The lab's directory.</param>
/// <param name="Images">The directory of its images.</param>
/// <param name="Subnet">The first two parts of its addresses, for example <c>127.83</c>.</param>
/// <param name="CloneDelayMs">How long copying an image takes.</param>
/// <param name="BootDelayMs">How long a guest takes from power to its first answer.</param>
/// <param name="EndsAt">When it stops by itself, or null.</param>
/// <param name="Balancers">The HAProxy processes in front of it; empty where there are none.</param>
/// <param name="Vms">Its VMs.</param>
public sealed record LabFacts(
    Uri Api,
    int Pid,
    string Directory,
    string Images,
    string Subnet,
    int CloneDelayMs,
    int BootDelayMs,
    DateTimeOffset? EndsAt,
    IReadOnlyList<LabBalancer> Balancers,
    IReadOnlyList<LabVm> Vms)
{
    /// <summary>The file's name in the lab's directory.</summary>
    public const string FileName = "lab.json";
}

/// <summary>One HAProxy process in front of the lab.</summary>
/// <param name="Name">Its name, for example <c>haproxy-1</c>.</param>
/// <param name="Frontend">Where clients reach it.</param>
/// <param name="Backend">The backend that has all VMs as servers, each named like its VM.</param>
/// <param name="Socket">Its admin socket.</param>
/// <param name="Config">Its configuration file.</param>
/// <param name="State"><c>running</c>, or how it ended.</param>
public sealed record LabBalancer(string Name, Uri Frontend, string Backend, string Socket, string Config, string State);
