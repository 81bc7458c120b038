using Refresh.Lab.Client;
using Refresh.Lab.Images;

namespace Refresh.Lab.Cloud;

/// <summary>What a lab has made in its directory, thing by thing: whatever else is there is somebody's, and stays.</summary>
internal static class LabRemains
{
    /// <summary>Deletes all that a stopped lab has made, and its directory when nothing else is in it.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="balancers">The balancers that it had.</param>
    /// <returns>The names of what was left, because the lab did not make it.</returns>
    /// <exception cref="LabException">A lab runs there again.</exception>
    public static IReadOnlyList<string> Delete(LabOptions lab, IEnumerable<LabBalancer> balancers)
    {
        using (LabLauncher.Lock(lab.Directory))
        {
            DeleteVms(lab, LabState.Read(lab.State)?.Vms ?? []);
            WebImages.Delete(lab.Images);
            foreach (var balancer in balancers)
                File.Delete(balancer.Config);
            File.Delete(lab.Lock);
        }

        DeleteEmpty(lab.Directory);
        return Directory.Exists(lab.Directory) ? [.. Directory.EnumerateFileSystemEntries(lab.Directory).Select(left => Path.GetFileName(left)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Deletes VMs and the memory of them, so that the next lab there is a new one.</summary>
    public static void DeleteVms(LabOptions lab, IEnumerable<LabVm> vms)
    {
        foreach (var disk in vms.Select(vm => lab.Disk(vm.Name)).Where(Directory.Exists))
            Directory.Delete(disk, recursive: true);
        DeleteEmpty(lab.Disks);
        File.Delete(lab.State);
    }

    internal static void DeleteEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }
}
