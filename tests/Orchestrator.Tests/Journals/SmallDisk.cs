using System.Diagnostics;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>A disk of a few MiB, where this user may mount one; elsewhere the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk()
    {
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("refresh-disk-").FullName;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static SmallDisk Mount(int mebibytes = 1)
    {
        var disk = new SmallDisk();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", disk.Path))
            return disk;
        Directory.Delete(disk.Path);
        Assert.Skip("This user may not mount a disk here.");
        throw new UnreachableException();
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill() => Assert.Throws<IOException>(() => File.WriteAllBytes(Ballast, new byte[16 * 1024 * 1024]));

    /// <summary>Gives it back.</summary>
    public void Free() => File.Delete(Ballast);

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public void MakeWritable() => Assert.True(Run("mount", "-o", "remount,rw", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
