using System.Text.Json;
using Refresh.Lab.Client;

namespace Refresh.Lab.Cloud;

/// <summary>All that a lab must know after a restart, in <c>state.json</c>.</summary>
/// <param name="Subnet">The first two parts of its addresses.</param>
/// <param name="Port">The port of its guests and frontends.</param>
/// <param name="LastHandle">The number of the last handle given out.</param>
/// <param name="Vms">Its VMs.</param>
/// <param name="Operations">Its latest operations, oldest first.</param>
/// <param name="Faults">Faults that wait for a clone.</param>
internal sealed record LabState(
    string Subnet,
    int Port,
    int LastHandle,
    IReadOnlyList<LabVm> Vms,
    IReadOnlyList<LabOperation> Operations,
    IReadOnlyList<LabFault> Faults)
{
    public static LabState? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), LabJson.Default.LabState) : null;
        }
        catch (JsonException e)
        {
            throw new LabException("state-unreadable", 500, $"{file} cannot be read: {e.Message}", "move it away to begin anew, or choose another --dir", e);
        }
    }

    /// <summary>Replaces the file in one step, so that a kill leaves the old or the new one.</summary>
    public void Write(string file)
    {
        var next = file + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(this, LabJson.Default.LabState));
        File.Move(next, file, overwrite: true);
    }
}
