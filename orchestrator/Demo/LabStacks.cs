using CliWrap;
using CliWrap.Buffered;
using Refresh.Lab;
using Refresh.Lab.Client;
using Refresh.Orchestrator.FleetFiles;

namespace Refresh.Orchestrator.Demo;

/// <summary>A Pulumi project with a stack for each pair of a lab, of the program that Refresh ships, and states in files.</summary>
/// <param name="pulumi">The program.</param>
/// <param name="directory">Where project, states and passphrase go: a full path.</param>
/// <param name="cloud">Where the VMs are.</param>
internal sealed class LabStacks(string pulumi, string directory, StackCloud cloud)
{
    private readonly string _project = Path.Combine(directory, "project");
    private readonly string _states = Path.Combine(directory, "states");
    private readonly string _home = Path.Combine(directory, "home");
    private readonly string _passphrase = Path.Combine(directory, "passphrase");
    private readonly string _environment = Path.Combine(directory, "environment");

    /// <summary>Where the states are.</summary>
    public string States => _states;

    /// <summary>Makes a stack for each pair, and with it the pair's VMs.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="cancellation">Ends it, and leaves what was made so far.</param>
    /// <exception cref="LabException"><c>pulumi</c> failed; the text is its own.</exception>
    public async Task CreateAsync(LabFacts lab, CancellationToken cancellation)
    {
        foreach (var folder in new[] { _project, _states, _home })
            Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(_project, "Pulumi.yaml"), Embedded.Text("vsphere-pair.yaml"), cancellation);
        await File.WriteAllTextAsync(_passphrase, "lab", cancellation);
        await File.WriteAllLinesAsync(_environment, cloud.Environment.Select(variable => $"{variable.Key}={variable.Value}"), cancellation);
        await Parallel.ForEachAsync(lab.Vms.GroupBy(vm => vm.Pair!), cancellation, (pair, stop) => StackAsync(pair.Key, [.. pair], lab, stop));
    }

    /// <summary>The <c>provisioner</c> of a fleet file.</summary>
    public string Section() => $"pulumi: {{ command: {Quoted(pulumi)}, project: {Quoted(_project)}, backend: {Quoted("file://" + _states)}, home: {Quoted(_home)}, passphraseFile: {Quoted(_passphrase)}, environmentFile: {Quoted(_environment)} }}";

    private async ValueTask StackAsync(string stack, IReadOnlyList<LabVm> members, LabFacts lab, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(_project, $"Pulumi.{stack}.yaml"), Configuration(members, lab), cancellation);
        await RunAsync(cancellation, "stack", "init", stack, "--no-select", "--non-interactive");
        await RunAsync(cancellation, "up", "--stack", stack, "--yes", "--skip-preview", "--parallel", "1", "--non-interactive");
    }

    private async Task RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        var result = await Cli.Wrap(pulumi).WithArguments(arguments).WithWorkingDirectory(_project).WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(set => set
                .Set("PULUMI_BACKEND_URL", "file://" + _states).Set("PULUMI_HOME", _home).Set("PULUMI_SKIP_UPDATE_CHECK", "true")
                .Set("PULUMI_CONFIG_PASSPHRASE", null).Set("PULUMI_CONFIG_PASSPHRASE_FILE", _passphrase)
                .Set(cloud.Environment))
            .ExecuteBufferedAsync(cancellation);
        if (result.ExitCode != 0)
            throw new LabException("pulumi-failed", 500, $"pulumi {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.StandardError.Trim()} {result.StandardOutput.Trim()}", "nothing of the lab is needed any more; run it again");
    }

    private string Configuration(IReadOnlyList<LabVm> members, LabFacts lab) => $$"""
        config:
        {{string.Join('\n', members.Zip("AB", (vm, letter) => Member(vm, letter)))}}
          vsphere-pair:prefixLength: 8
          vsphere-pair:gateway: "{{lab.Subnet}}.0.1"
        {{cloud.Placement}}

        """;

    private string Member(LabVm vm, char letter) => $$"""
          vsphere-pair:member{{letter}}Name: {{vm.Name}}
          vsphere-pair:member{{letter}}Address: "{{vm.Host}}"
          vsphere-pair:member{{letter}}Image: {{Quoted(cloud.Image)}}
          vsphere-pair:member{{letter}}Guest: { linuxOptions: { hostName: {{vm.Name}}, domain: lab.test } }
        """;

    // YAML's double quotes take JSON's escapes.
    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
