using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary><c>lab down --delete</c> deletes what the lab has made, and nothing else.</summary>
public sealed class LabDownTests : IDisposable
{
    private readonly Cli _cli = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LabOptions Options => new(_cli.At("here")) { Pairs = 1, Balancer = BalancerChoice.Auto, Lifetime = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task Files_that_were_there_before_stay_and_are_named()
    {
        Write("notes.txt");
        Write("src/main.c");
        Write("vms/mine.txt");
        await LabLauncher.StartAsync(Options, LabFixture.Executable, Cancellation);
        Write("images/web-2.0.0/disk/mine");
        var said = (await _cli.RunAsync("lab", "down", "--delete", "--dir", Options.Directory)).Ended(ExitCodes.Done);
        Assert.Contains("What it has not made was left there: images, notes.txt, src, vms.", said.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["images/web-2.0.0/disk/mine", "notes.txt", "src/main.c", "vms/mine.txt"],
            Directory.EnumerateFiles(Options.Directory, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Options.Directory, file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Images_that_were_there_before_stay_though_they_are_named_like_the_labs_own()
    {
        await LabLauncher.StartAsync(Options with { Directory = _cli.At("other"), Balancer = BalancerChoice.None }, LabFixture.Executable, Cancellation);
        Directory.CreateDirectory(Options.Directory);
        Directory.Move(Path.Combine(_cli.At("other"), "images"), Path.Combine(Options.Directory, "images"));
        File.Delete(Path.Combine(Options.Directory, "images", ".refresh-lab"));
        await _cli.RunAsync("lab", "down", "--dir", _cli.At("other"));
        await LabLauncher.StartAsync(Options with { Balancer = BalancerChoice.None }, LabFixture.Executable, Cancellation);
        var said = (await _cli.RunAsync("lab", "down", "--delete", "--dir", Options.Directory, "--json")).Ended(ExitCodes.Done);
        Assert.Equal(["images"], said.Json.GetProperty("left").EnumerateArray().Select(name => name.GetString()));
        Assert.True(File.Exists(Path.Combine(Options.Directory, "images", "web-1.0.0", "manifest.json")));
    }

    [Fact]
    public async Task A_directory_that_holds_nothing_else_goes_too()
    {
        await LabLauncher.StartAsync(Options, LabFixture.Executable, Cancellation);
        var said = (await _cli.RunAsync("lab", "down", "--delete", "--dir", Options.Directory)).Ended(ExitCodes.Done);
        Assert.EndsWith("here is down.", said.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Options.Directory));
    }

    public void Dispose() => _cli.Dispose();

    private void Write(string path)
    {
        var file = Path.Combine(Options.Directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "mine");
    }
}
