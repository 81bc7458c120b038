using System.Runtime.InteropServices;
using CliWrap;

namespace Refresh.Orchestrator.Probes;

/// <summary>Runs a program as the leader of its own session, so that it can be killed with its children, even those whose parent is gone.</summary>
internal static class Session
{
    private const int KillSignal = 9;

    // Where there is no setsid, only the children whose parents still live can be found and killed.
    private static readonly string? Setsid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    /// <summary>The command that runs the program.</summary>
    public static Command Wrap(IReadOnlyList<string> run) =>
        Setsid is null ? Cli.Wrap(run[0]).WithArguments(run.Skip(1)) : Cli.Wrap(Setsid).WithArguments(["--", .. run]);

    /// <summary>Kills what is left of the session.</summary>
    /// <param name="leader">The process id of the program.</param>
    public static void Kill(int leader)
    {
        // It fails when nothing is left, which is what is wanted.
        if (Setsid is not null)
            _ = SendSignal(-leader, KillSignal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
