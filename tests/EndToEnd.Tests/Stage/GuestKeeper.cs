using System.Text.Json;
using System.Text.Json.Nodes;
using Refresh.Lab.Client;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>
/// Stands in for the guests of VMs that have none: keeps a guest of the lab at each member's address, gone while the stack's
/// state has no VM there, and another one, of the image that the VM was made from, for each new VM.
/// </summary>
internal sealed class GuestKeeper : IAsyncDisposable
{
    private readonly string _states;
    private readonly LabClient _lab;
    private readonly IReadOnlyDictionary<string, string> _images;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, string> _kept = [];
    private readonly Task _keeping;

    /// <param name="states">The directory of the backend.</param>
    /// <param name="lab">The lab.</param>
    /// <param name="images">The lab's image for each template.</param>
    public GuestKeeper(string states, Uri lab, IReadOnlyDictionary<string, string> images)
    {
        (_states, _lab, _images) = (states, new(lab), images);
        _keeping = KeepAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lab.Dispose();
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (var vm in Vms())
                await KeepAsync(vm.Name, vm.Identity, vm.Template);
            await Task.Delay(100, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task KeepAsync(string name, string? identity, string template)
    {
        if (_kept.GetValueOrDefault(name, string.Empty) == (identity ?? string.Empty))
            return;
        var begun = identity is null
            ? await _lab.PowerAsync(name, PowerAction.Off, _stop.Token)
            : await _lab.CloneAsync(name, new(_images[template]), _stop.Token);
        await _lab.WaitAsync(begun, null, _stop.Token);
        _kept[name] = identity ?? string.Empty;
    }

    private IReadOnlyList<(string Name, string? Identity, string Template)> Vms()
    {
        var folder = Path.Combine(_states, ".pulumi", "stacks", "vsphere-pair");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").SelectMany(Read)] : [];
    }

    private static IEnumerable<(string Name, string? Identity, string Template)> Read(string file)
    {
        try
        {
            return [.. (JsonNode.Parse(File.ReadAllText(file))!["checkpoint"]!["latest"]!["resources"] as JsonArray ?? [])
                .Where(resource => resource!["type"]!.GetValue<string>().EndsWith(":VirtualMachine", StringComparison.Ordinal) && resource["inputs"]?["clone"] is not null)
                .Select(resource => (
                    resource!["inputs"]!["name"]!.GetValue<string>(),
                    resource["pendingReplacement"]?.GetValue<bool>() == true ? null : resource["outputs"]?["moid"]?.GetValue<string>(),
                    resource["inputs"]!["clone"]!["templateUuid"]!.GetValue<string>()))];
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            // It is being written.
            return [];
        }
    }
}
