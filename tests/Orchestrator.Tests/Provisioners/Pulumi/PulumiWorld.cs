using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Refresh.Lab.Client;
using Refresh.Lab.Images;
using Refresh.Orchestrator.Provisioners.Pulumi;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.FleetFiles;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>A stack of the recorded program, brought up by the stand-in in a lab of its own.</summary>
public sealed class PulumiWorld : ProvisionerWorld
{
    public const string Stack = "web-01";
    public const string Passphrase = "correct horse";

    private static readonly string s_standIn = Path.Combine(
        Texts.Root, "tests", "Pulumi.StandIn", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, "pulumi");

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("refresh-stack-");
    private readonly List<PulumiProvisioner> _made = [];
    private readonly ProcessBounds _bounds = new(TimeProvider.System);

    private PulumiWorld(LabFixture lab, IReadOnlyList<LabImage> images)
    {
        Lab = lab;
        (Old, New) = (Golden(images[^1]), Golden(images[0]));
        (First, Peer) = (Member('a'), Member('b'));
        Settings = new PulumiSettings(
            Command, Project, new Dictionary<string, string> { [First.Id.Pair] = Stack }, new Dictionary<MemberId, string>(),
            new PulumiAccess($"file://{Backend}", Path.Combine(_folder.FullName, "home"), null, Environment()),
            new PulumiLimits(2, 4096, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(30), TimeSpan.Zero));
        _ = With(settings => settings);
    }

    public LabFixture Lab { get; }

    public PulumiSettings Settings { get; }

    public override IProvisioner Provisioner => _made[0];

    public override Member First { get; }

    public override Member Peer { get; }

    public override GoldenImage Old { get; }

    public override GoldenImage New { get; }

    public string Project => Make("project");

    public string Backend => Make("backend");

    public string Records => Path.Combine(_folder.FullName, "records");

    public string ConfigFile => Path.Combine(Project, $"Pulumi.{Stack}.yaml");

    public string StateFile => Path.Combine(Backend, ".pulumi", "stacks", "vsphere-pair", $"{Stack}.json");

    public string LockFolder => Path.Combine(Backend, ".pulumi", "locks", "organization", "vsphere-pair", Stack);

    private string Command => Path.Combine(_folder.FullName, "pulumi");

    private string Unheard => Path.Combine(_folder.FullName, "unheard");

    public static async Task<PulumiWorld> StartAsync()
    {
        var lab = await LabFixture.StartAsync(options => options);
        var world = new PulumiWorld(lab, await lab.Client.ImagesAsync(TestContext.Current.CancellationToken));
        await world.CreateAsync();
        return world;
    }

    /// <summary>Another provisioner of the same stack, as a second worker would make it.</summary>
    internal PulumiProvisioner With(Func<PulumiSettings, PulumiSettings> change)
    {
        var provisioner = new PulumiProvisioner(change(Settings), Records, _bounds, TimeProvider.System);
        _made.Add(provisioner);
        return provisioner;
    }

    /// <summary>Runs pulumi as a person would.</summary>
    public async Task<string> PulumiAsync(params string[] arguments)
    {
        var result = await Cli.Wrap(s_standIn).WithArguments([.. arguments, "--stack", Stack]).WithWorkingDirectory(Project)
            .WithEnvironmentVariables(Variables()).WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(result.IsSuccess, $"pulumi {string.Join(' ', arguments)}: {result.StandardOutput}{result.StandardError}");
        return result.StandardOutput;
    }

    /// <summary>Runs an update in a session of its own, and gives its process.</summary>
    public CommandTask<CommandResult> Update(CancellationToken kill) => Cli.Wrap("/usr/bin/setsid")
        .WithArguments(["--", s_standIn, "up", "--yes", "--skip-preview", "--target", Recordings.UrnA, "--target-dependents", "--stack", Stack])
        .WithWorkingDirectory(Project).WithEnvironmentVariables(Variables()).WithValidation(CommandResultValidation.None).ExecuteAsync(kill);

    public void Faults(params string[] faults) => File.WriteAllLines(Path.Combine(Backend, "stand-in.faults"), faults);

    public override string Shown(GoldenImage image) => image.Location;

    public override Task ReplaceFromOutsideAsync(Member member) =>
        PulumiAsync("up", "--yes", "--skip-preview", "--target", Urn(member), "--target-dependents", "--target-replace", Urn(member));

    public override Task LetRebuildFailAsync(Member member) => Lab.Client.FailAsync(new(Vm(member), LabFaultKind.CloneFails), TestContext.Current.CancellationToken);

    public override Task LetRebuildSucceedUnheardAsync(Member member) => File.WriteAllTextAsync(Unheard, string.Empty, TestContext.Current.CancellationToken);

    public override async Task SwitchOffAsync(Member member)
    {
        await Lab.EndAsync(await Lab.Client.PowerAsync(Vm(member), PowerAction.Off, TestContext.Current.CancellationToken));
        await PulumiAsync("refresh", "--yes", "--skip-preview", "--target", Urn(member));
    }

    public string Vm(Member member) => $"web-1-{member.Id.Name}";

    public string Urn(Member member) => member == First ? Recordings.UrnA : Recordings.UrnB;

    public override async ValueTask DisposeAsync()
    {
        foreach (var provisioner in _made)
            provisioner.Dispose();
        await Lab.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task CreateAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        // The lab begins with VMs; here Pulumi makes them.
        foreach (var member in (Member[])[First, Peer])
            await Lab.EndAsync(await Lab.Client.DeleteAsync(Vm(member), cancellation));
        var program = Recordings.Read("program.yaml");
        await File.WriteAllTextAsync(Path.Combine(Project, "Pulumi.yaml"), program[..program.IndexOf("outputs:", StringComparison.Ordinal)] + Outputs, cancellation);
        // An update whose end nobody hears of: it succeeds, and its exit code says otherwise.
        await File.WriteAllTextAsync(Command, $"#!/bin/sh\nif [ \"$1\" = up ] && [ -e '{Unheard}' ]; then rm '{Unheard}'; '{s_standIn}' \"$@\"; exit 255; fi\nexec '{s_standIn}' \"$@\"\n", cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Cli.Wrap(s_standIn).WithArguments(["stack", "init", Stack, "--non-interactive"]).WithWorkingDirectory(Project).WithEnvironmentVariables(Variables()).ExecuteAsync(cancellation);
        string[] values =
        [
            $"memberAImage={Old.Location}", $"memberBImage={Old.Location}", $"memberAName={Vm(First)}", $"memberBName={Vm(Peer)}",
            $"memberAAddress={First.Address.Host}", $"memberBAddress={Peer.Address.Host}", "unrelated=mine",
        ];
        await PulumiAsync(["config", "set-all", .. values.SelectMany(value => (string[])["--plaintext", value])]);
        await PulumiAsync("up", "--yes", "--skip-preview", "--non-interactive");
    }

    private Dictionary<string, string?> Variables() => new()
    {
        ["PULUMI_BACKEND_URL"] = $"file://{Backend}",
        ["PULUMI_HOME"] = Path.Combine(_folder.FullName, "home"),
        ["PULUMI_CONFIG_PASSPHRASE"] = Passphrase,
        ["VSPHERE_SERVER"] = Lab.Facts.Api.Authority,
    };

    private string Environment()
    {
        var file = Path.Combine(_folder.FullName, "environment");
        File.WriteAllText(file, $"PULUMI_CONFIG_PASSPHRASE={Passphrase}\nVSPHERE_SERVER={Lab.Facts.Api.Authority}\n");
        return file;
    }

    private static GoldenImage Golden(LabImage image) => new(
        new(image.Manifest.Name, image.Manifest.Version, image.Manifest.Digest), image.Manifest.BuiltAt, image.Manifest.Patches, Uuid(image.Manifest.Digest));

    // The stand-in knows a template by the UUID that its digest begins with.
    private static string Uuid(string digest) => Guid.ParseExact(digest.AsSpan(7, 32), "N").ToString("D", CultureInfo.InvariantCulture);

    private Member Member(char letter)
    {
        var vm = Lab.Facts.Vms.Single(vm => vm.Member == letter.ToString());
        return new(new("web-1", vm.Member!), new(vm.Host, vm.Port));
    }

    private string Make(string name) => System.IO.Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;

    private const string Outputs = """
        outputs:
          members:
            a: {urn: "${memberA.urn}", id: "${memberA.id}", moid: "${memberA.moid}", name: "${memberA.name}", address: "${memberA.defaultIpAddress}", image: "${memberA.clone.templateUuid}", importId: "/DC0/vm/${memberAName}"}
            b: {urn: "${memberB.urn}", id: "${memberB.id}", moid: "${memberB.moid}", name: "${memberB.name}", address: "${memberB.defaultIpAddress}", image: "${memberB.clone.templateUuid}", importId: "/DC0/vm/${memberBName}"}

        """;
}
