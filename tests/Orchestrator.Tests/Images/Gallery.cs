using Refresh.Orchestrator.Tests.Commands;
using Refresh.Workflows.Images;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>A catalogue that is looked after from the command line, as a user does it.</summary>
internal sealed class Gallery : IDisposable
{
    private readonly Cli _cli = new();

    public string Images => _cli.At("images");

    public string Log => Path.Combine(Images, ".catalogue", "log.jsonl");

    public string At(string name) => _cli.At(name);

    public async Task<Said> RunAsync(params string[] args) => await _cli.RunAsync(["image", .. args, "--images", Images]);

    /// <summary>Builds an image in a directory of its own, not in the catalogue yet.</summary>
    /// <returns>The directory.</returns>
    public async Task<string> BuildAsync(string version, params string[] more)
    {
        var directory = At($"build-{version}");
        Directory.CreateDirectory(Path.Combine(directory, "disk"));
        await File.WriteAllTextAsync(Path.Combine(directory, "disk", "issue"), $"web {version}\n", TestContext.Current.CancellationToken);
        (await RunAsync(["manifest", directory, "--name", "web", "--image-version", version, .. more])).Ended(0);
        return directory;
    }

    public async Task AddAsync(string version, params string[] more) => (await RunAsync("add", await BuildAsync(version, more))).Ended(0);

    /// <summary>Puts a run that has refreshed one pair into the journal.</summary>
    /// <returns>The image that its members run now, and the one before.</returns>
    public async Task<(ImageRef Now, ImageRef Before)> StoreRunAsync(string id)
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1)).Begin().Continue();
        await _cli.StoreAsync(run, id);
        return (run.Run.Image.Ref, run.Run.Get(run.Run.Fleet.Members().First().Id).Recorded!.Guest!.Image);
    }

    public void Policy(string text)
    {
        Directory.CreateDirectory(Images);
        File.WriteAllText(Path.Combine(Images, "image-policy.yaml"), $"apiVersion: refresh/v1\nkind: ImagePolicy\n{text}\n");
    }

    /// <summary>Every file of the catalogue with its content.</summary>
    public IReadOnlyDictionary<string, string> Everything() => !Directory.Exists(Images)
        ? new Dictionary<string, string>()
        : Directory.EnumerateFiles(Images, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock").ToDictionary(file => file, File.ReadAllText);

    public void Dispose() => _cli.Dispose();
}
