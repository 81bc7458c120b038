using Refresh.Workflows.Facts;

namespace Refresh.Workflows.Ports;

/// <summary>Names every machine that there is, so that none is forgotten. A provisioner that can list its VMs is one.</summary>
public interface IMachineInventory
{
    /// <summary>Lists every machine.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The machines, powered off ones included.</returns>
    /// <exception cref="AdapterException">They cannot be listed.</exception>
    Task<IReadOnlyList<MachineFacts>> ListAsync(CancellationToken cancellation);
}
