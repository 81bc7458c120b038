using System.Diagnostics;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Demo;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>A lab behind HAProxy whose VMs are rebuilt through pulumi, a stack for each pair.</summary>
internal sealed class PulumiStage : IAsyncDisposable
{
    private readonly LabStacks _stacks;
    private readonly GuestKeeper? _guests;
    private readonly string? _images;

    private PulumiStage(LabStage stage, LabStacks stacks, GuestKeeper? guests, string? images) => (Stage, _stacks, _guests, _images) = (stage, stacks, guests, images);

    public LabStage Stage { get; }

    public FleetText Fleet
    {
        get
        {
            var fleet = Stage.Fleet with { Provisioner = _stacks.Section(), RebuildTimeout = "3m" };
            return _images is null ? fleet : fleet with { Images = _images };
        }
    }

    /// <summary>The stand-in, with the lab as its cloud.</summary>
    public static async Task<PulumiStage> StartAsync(int pairs, int cloneMs)
    {
        var stage = await LabStage.StartAsync(pairs, cloneMs);
        var cloud = await StackCloud.ClearedAsync(stage.Lab.Facts, TestContext.Current.CancellationToken);
        var stacks = new LabStacks(Path.Combine(AppContext.BaseDirectory, "stand-in", "pulumi"), Folder(stage), cloud);
        await stacks.CreateAsync(stage.Lab.Facts, TestContext.Current.CancellationToken);
        await AllUpAsync(stage);
        return new PulumiStage(stage, stacks, null, null);
    }

    /// <summary>The real thing, with the lab's guests at the addresses of its VMs.</summary>
    public static async Task<PulumiStage> StartAsync(RealCloud real, int pairs)
    {
        var stage = await LabStage.StartAsync(pairs, cloneMs: 100);
        var images = Path.Combine(Folder(stage), "images");
        foreach (var (version, template) in new[] { ("1.0.0", real.Old), ("1.1.0", real.New) })
            Locate(Path.Combine(stage.Lab.Facts.Images, "web-" + version), Path.Combine(images, "web-" + version), template);
        var stacks = new LabStacks(real.Pulumi, Folder(stage), real.Stacks());
        var guests = new GuestKeeper(stacks.States, stage.Lab.Facts.Api, new Dictionary<string, string> { [real.Old] = "web@1.0.0", [real.New] = "web@1.1.0" });
        await stacks.CreateAsync(stage.Lab.Facts, TestContext.Current.CancellationToken);
        await AllUpAsync(stage);
        return new PulumiStage(stage, stacks, guests, images);
    }

    /// <summary>Switches a failure on, in the words of the stand-in; an empty line switches all off.</summary>
    public Task FailAsync(string fault) => File.WriteAllTextAsync(Path.Combine(_stacks.States, "stand-in.faults"), fault + "\n", TestContext.Current.CancellationToken);

    /// <summary>The locks that somebody holds, or a kill left.</summary>
    public IReadOnlyList<string> Locks() => [.. Directory.EnumerateFiles(Path.Combine(_stacks.States, ".pulumi", "locks"), "*.json", SearchOption.AllDirectories)];

    /// <summary>Takes the power of every pulumi that works for this stage away; its plugins live on.</summary>
    public void KillPulumi()
    {
        foreach (var process in Processes("pulumi"))
            process.Kill();
    }

    /// <summary>Whether a stack's state has a creation that has begun and not ended.</summary>
    public bool IsCreating(string stack) =>
        File.ReadAllText(Path.Combine(_stacks.States, ".pulumi", "stacks", "vsphere-pair", stack + ".json")).Contains("\"creating\"", StringComparison.Ordinal);

    /// <summary>Hosts and providers that are still there.</summary>
    public IReadOnlyList<Process> Plugins() => Processes("pulumi-languag", "pulumi-resourc");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes("pulumi"))
            process.Kill();
        if (_guests is not null)
            await _guests.DisposeAsync();
        await Stage.DisposeAsync();
    }

    private static string Folder(LabStage stage) => Path.Combine(stage.Lab.Directory, "pulumi");

    private static async Task AllUpAsync(LabStage stage)
    {
        await using var watch = new RotationWatch(stage.Lab.Facts.Balancers[0].Socket);
        await LabFixture.UntilAsync(async () => (await watch.NowAsync()).Status.Values.All(status => status == "UP"));
    }

    /// <summary>Copies an image, and says that it is to be found as a template.</summary>
    private static void Locate(string from, string to, string template)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var path = Path.Combine(to, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest["location"] = template;
        File.WriteAllText(path, manifest.ToJsonString());
    }

    private IReadOnlyList<Process> Processes(params string[] names) =>
        [.. Process.GetProcesses().Where(process => names.Any(name => name == "pulumi" ? process.ProcessName == name : process.ProcessName.StartsWith(name, StringComparison.Ordinal)) && Environ(process.Id).Contains(Stage.Lab.Directory, StringComparison.Ordinal))];

    private static string Environ(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
