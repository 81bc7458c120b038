using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Settings;

/// <summary>Pulumi, driven by its command line: one stack a pair, of a program that keeps the stack contract.</summary>
/// <param name="Command">The program <c>pulumi</c>: a full path, or a name that is looked for in PATH.</param>
/// <param name="Project">The folder of <c>Pulumi.yaml</c>.</param>
/// <param name="Stacks">The stack of each pair, by the pair's name.</param>
/// <param name="Vms">The names of VMs that the fleet file gives; a member without one is found by its address.</param>
/// <param name="Access">What the program needs to reach its backend and the cloud.</param>
/// <param name="Limits">How much of it may run, and for how long.</param>
public sealed record PulumiSettings(
    string Command,
    string Project,
    IReadOnlyDictionary<string, string> Stacks,
    IReadOnlyDictionary<MemberId, string> Vms,
    PulumiAccess Access,
    PulumiLimits Limits) : ProvisionerSettings;

/// <summary>What <c>pulumi</c> needs to reach its backend and the cloud. Secrets stand in files or in the environment of Refresh, never here.</summary>
/// <param name="Backend">The URL of the backend, or null for the one that <c>pulumi</c> is logged in to.</param>
/// <param name="Home">Its own <c>PULUMI_HOME</c>, or null for the environment's.</param>
/// <param name="PassphraseFile">A file with the passphrase of the stacks, or null.</param>
/// <param name="EnvironmentFile">A file of <c>NAME=value</c> lines that <c>pulumi</c> finds in its environment, or null.</param>
public sealed record PulumiAccess(string? Backend, string? Home, string? PassphraseFile, string? EnvironmentFile);

/// <summary>How much of Pulumi may run, and for how long.</summary>
/// <param name="Processes">How many runs of its engine there may be at once.</param>
/// <param name="MemoryMiB">Memory for all of them in MiB, or null for what is free; one takes 300 (reference: pulumi-cli, section 6).</param>
/// <param name="CommandTimeout">How long a command that rebuilds nothing may take.</param>
/// <param name="StopTimeout">How long an interrupted rebuild may take to end by itself before it is killed.</param>
/// <param name="OrphanWait">How long a recovery waits for a VM whose creation was interrupted to show itself.</param>
public sealed record PulumiLimits(int Processes, int? MemoryMiB, TimeSpan CommandTimeout, TimeSpan StopTimeout, TimeSpan OrphanWait);
