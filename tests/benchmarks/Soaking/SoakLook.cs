using System.Diagnostics;

namespace Refresh.Benchmarks.Soaking;

/// <summary>What there is to watch after a run.</summary>
/// <param name="Heap">Bytes that are alive in this process, which carries out run after run.</param>
/// <param name="Handles">Its open files.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="LabMemory">Bytes of memory of the lab.</param>
/// <param name="LabHandles">Its open files.</param>
/// <param name="Journal">Bytes of the journal and its log.</param>
internal sealed record SoakLook(long Heap, int Handles, int Threads, long LabMemory, int LabHandles, long Journal)
{
    public static SoakLook Take(int lab, string journal)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var self = Process.GetCurrentProcess();
        using var cloud = Process.GetProcessById(lab);
        return new(
            GC.GetTotalMemory(forceFullCollection: true),
            HandlesOf(self.Id),
            self.Threads.Count,
            cloud.WorkingSet64,
            HandlesOf(lab),
            new[] { journal, journal + "-wal" }.Where(File.Exists).Sum(file => new FileInfo(file).Length));
    }

    private static int HandlesOf(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;
}
