using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Refresh.PulumiStandIn.Plugins;

/// <summary>
/// A language host or a provider: a process of its own in a group of its own, which a kill of the command leaves behind.
/// Left alone it ends after a few minutes.
/// </summary>
internal sealed partial class Plugin : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    private Plugin(Process process) => _process = process;

    /// <summary>The plugins of one command, for a program of the YAML runtime.</summary>
    public static IReadOnlyList<Plugin> StartAll() => [Start("pulumi-language-yaml"), Start("pulumi-resource-vsphere")];

    /// <summary>What a plugin does: it is there.</summary>
    public static int Serve()
    {
        _ = SetProcessGroup(0, 0);
        Console.WriteLine("0");
        using var end = new ManualResetEventSlim();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            end.Set();
        });
        end.Wait(Lifetime);
        return 0;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Plugin Start(string name)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), ["127.0.0.1:0"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // It says a port when it serves; by then it is in its own group.
        _ = process.StandardOutput.ReadLine();
        return new(process);
    }

    [LibraryImport("libc", EntryPoint = "setpgid")]
    private static partial int SetProcessGroup(int pid, int group);
}
