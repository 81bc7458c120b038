using System.Runtime.InteropServices;

namespace Refresh.Lab;

/// <summary>The three system calls that .NET has no word for.</summary>
internal static partial class Unix
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int pid) => _ = Kill(pid, SigTerm);

    /// <summary>Ends this process at once, as a machine that loses power.</summary>
    public static void Die() => _ = Kill(Environment.ProcessId, SigKill);

    /// <summary>Leaves the terminal's session, so that its Ctrl-C does not reach this process.</summary>
    public static void LeaveSession() => _ = SetSid();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSid();
}
