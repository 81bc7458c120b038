using System.Text.Json;
using Refresh.Orchestrator.Json;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;

namespace Refresh.Orchestrator.Probes;

/// <summary>The SSH host key of each member's VM, a file a member. A key belongs to a VM: the one of a VM that was rebuilt is learnt anew at first contact, the one of a VM that was not may not change.</summary>
/// <param name="directory">Where they are kept.</param>
/// <param name="fleet">The fleet, so that several may keep theirs in one directory; empty for none.</param>
internal sealed class HostKeyPins(string directory, string fleet)
{
    /// <summary>Whether a VM's host key is the one that it had before; at first contact it is kept.</summary>
    /// <param name="member">The member.</param>
    /// <param name="vm">Its VM.</param>
    /// <param name="hostKey">The fingerprint of the key that its server shows.</param>
    /// <returns>Null when it may be trusted; otherwise the fingerprint that was expected.</returns>
    /// <exception cref="FormatException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public string? Judge(Member member, VmIdentity vm, string hostKey)
    {
        // Earlier versions wrote no fleet into the name.
        var earlier = Path.Combine(directory, $"{member.Id.Pair}.{member.Id.Name}.json");
        var file = fleet.Length == 0 ? earlier : Path.Combine(directory, $"{fleet}.{member.Id.Pair}.{member.Id.Name}.json");
        if (new[] { file, earlier }.FirstOrDefault(File.Exists) is { } there && Read(there) is var pin && pin.Vm == vm.ToString())
            return pin.HostKey == hostKey ? null : pin.HostKey;
        Directory.CreateDirectory(directory);
        var beside = $"{file}.new";
        File.WriteAllText(beside, JsonSerializer.Serialize(new Pin(vm.ToString(), hostKey), JsonSerializerOptions.Web));
        File.Move(beside, file, overwrite: true);
        return null;
    }

    private static Pin Read(string file)
    {
        try
        {
            return JsonFields.Read(File.ReadAllBytes(file), fields => new Pin(fields.Text("vm"), fields.Text("hostKey")));
        }
        catch (FormatException damaged)
        {
            throw new FormatException($"the pinned host key in {file} cannot be read: {damaged.Message}", damaged);
        }
    }

    private sealed record Pin(string Vm, string HostKey);
}
