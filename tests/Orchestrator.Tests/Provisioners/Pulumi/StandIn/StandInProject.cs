using System.Diagnostics;
using System.Text;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi.StandIn;

/// <summary>A project, a backend and a lab for the stand-in, in a directory of its own; nothing that it starts outlives it.</summary>
internal sealed class StandInProject : IAsyncDisposable
{
    private readonly List<Process> _started = [];

    private StandInProject(LabFixture lab) => Lab = lab;

    /// <summary>The folder that has the stand-in under the name of <c>pulumi</c>.</summary>
    public static string Programs { get; } = Path.Combine(AppContext.BaseDirectory, "stand-in");

    public LabFixture Lab { get; }

    public string Directory => Path.Combine(Lab.Directory, "pulumi");

    public string Project => Path.Combine(Directory, "project");

    public string Backend => Path.Combine(Directory, "backend");

    public string Server => Lab.Facts.Api.Authority;

    /// <summary>Starts a lab without VMs, and puts a program beside it.</summary>
    public static async Task<StandInProject> StartAsync(string program, TimeSpan cloneDelay)
    {
        var project = new StandInProject(await LabFixture.StartAsync(options => options with { CloneDelay = cloneDelay }));
        foreach (var directory in new[] { project.Project, project.Backend, Path.Combine(project.Directory, "home") })
            System.IO.Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(project.Project, "Pulumi.yaml"), program);
        foreach (var vm in project.Lab.Facts.Vms)
            await project.Lab.EndAsync(await project.Lab.Client.DeleteAsync(vm.Name, TestContext.Current.CancellationToken));
        return project;
    }

    public Task<Answer> RunAsync(params string[] arguments) => RunAsync(arguments, null, null);

    /// <summary>Runs a command to its end; once it has said a certain thing, something is done to it.</summary>
    public async Task<Answer> RunAsync(string[] arguments, (string Said, Func<Process, Task> Then)? when, Action<IDictionary<string, string?>>? with = null)
    {
        var process = Start(arguments, with);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            _ = output.Append(line).Append('\n');
            if (when is { } watched && line.Contains(watched.Said, StringComparison.Ordinal))
            {
                when = null;
                await watched.Then(process);
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output.ToString(), await errors);
    }

    /// <summary>Switches a failure on, in the words of the stand-in; an empty line switches all off.</summary>
    public Task FailAsync(string fault) => File.WriteAllTextAsync(Path.Combine(Backend, "stand-in.faults"), fault + "\n", TestContext.Current.CancellationToken);

    /// <summary>The plugins that a kill left behind.</summary>
    public IReadOnlyList<Process> Leftovers() => [.. Process.GetProcesses().Where(process => process.ProcessName.StartsWith("pulumi-", StringComparison.Ordinal) && Environment(process.Id).Contains($"PULUMI_HOME={Directory}", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started.Where(process => !process.HasExited).Concat(Leftovers()))
            process.Kill();
        await Lab.DisposeAsync();
    }

    private Process Start(string[] arguments, Action<IDictionary<string, string?>>? with)
    {
        // Ctrl-C is ignored by what a shell started in the background, and by all that that starts.
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", Path.Combine(Programs, "pulumi"), .. arguments])
        {
            WorkingDirectory = Project,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PULUMI_BACKEND_URL"] = "file://" + Backend;
        start.Environment["PULUMI_HOME"] = Path.Combine(Directory, "home");
        start.Environment["PULUMI_CONFIG_PASSPHRASE"] = "correct horse";
        start.Environment["PULUMI_DEBUG_COMMANDS"] = "true";
        start.Environment["VSPHERE_SERVER"] = Server;
        with?.Invoke(start.Environment);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        _started.Add(process);
        return process;
    }

    private static string Environment(int pid)
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
