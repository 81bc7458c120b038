using System.Collections.Concurrent;
using System.Globalization;
using Refresh.Lab.Client;
using Refresh.Lab.Images;

namespace Refresh.Lab.Cloud;

/// <summary>Replaces a VM in place: the old guest is stopped, its disk deleted, the image copied, and the new guest booted at the same address.</summary>
internal sealed class CloneWork(LabBook book, ImageStore images, GuestRoom guests, LabOptions options, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _hanging = new(StringComparer.Ordinal);

    public async Task RunAsync(LabOperation operation, LabImage image, CancellationToken cancellation)
    {
        var name = operation.Vm;
        var faults = book.TakeFaults(name);
        book.Progress(operation, "stopping the old guest");
        await guests.StopAsync(name);
        // Written before the disk goes, so that a killed lab never takes half a disk for a VM.
        book.Change(name, vm => vm with { Id = null, Handle = null, Image = null, Digest = null, Power = LabPower.Missing, Pid = null, Detail = "being cloned" });
        DeleteDisk(name);

        await SpendAsync(operation, 0, 0.5, cancellation);
        if (Has(faults, LabFaultKind.CloneFails))
            throw new LabException("clone-failed", 500, $"The clone of {name} failed: the datastore went away.", "clone it again");
        if (Has(faults, LabFaultKind.CloneHangs))
            await HangAsync(operation, cancellation);
        await SpendAsync(operation, 0.5, 1, cancellation);

        var truth = Has(faults, LabFaultKind.WrongImage) ? images.OtherThan(image) : image;
        truth.CopyTo(Path.Combine(options.Disk(name), Guests.GuestDisk.Image));
        book.Identify(name, image.Manifest.Label(), image.Manifest.Digest);
        book.Progress(operation, "booting");
        guests.Boot(name, options.BootDelay, faults);
    }

    public void DeleteDisk(string name)
    {
        if (Directory.Exists(options.Disk(name)))
            Directory.Delete(options.Disk(name), recursive: true);
    }

    /// <summary>Lets clones that hang go on.</summary>
    public void Release(string? vm)
    {
        foreach (var (name, hang) in _hanging)
            if (vm is null || vm == name)
                hang.TrySetResult();
    }

    private async Task HangAsync(LabOperation operation, CancellationToken cancellation)
    {
        book.Progress(operation, "cloning, hanging");
        var hang = _hanging[operation.Vm] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await hang.Task.WaitAsync(cancellation);
        _hanging.TryRemove(operation.Vm, out _);
    }

    private async Task SpendAsync(LabOperation operation, double from, double to, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var done = options.CloneDelay * from;
        while (true)
        {
            var spent = done + time.GetElapsedTime(began);
            var left = (options.CloneDelay * to) - spent;
            if (left <= TimeSpan.Zero)
                return;
            book.Progress(operation, string.Create(CultureInfo.InvariantCulture, $"cloning, {spent.TotalSeconds:0.0} s of {options.CloneDelay.TotalSeconds:0.#} s"));
            await Task.Delay(left < Step ? left : Step, time, cancellation);
        }
    }

    private static bool Has(IEnumerable<LabFault> faults, LabFaultKind kind) => faults.Any(fault => fault.Kind == kind);
}
