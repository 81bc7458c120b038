using Refresh.Lab.Client;
using Refresh.Lab.Cloud;
using Refresh.Lab.Guests;
using Refresh.Lab.Images;

namespace Refresh.Lab.Serving;

/// <summary>How a lab begins: pairs of VMs on the old image, or those that it had when it last ended.</summary>
internal static class Seed
{
    private const int DefaultPort = 8080;
    private static readonly TimeSpan BootBound = TimeSpan.FromMinutes(2);

    public static LabState State(LabOptions options)
    {
        var port = options.Port ?? DefaultPort;
        var subnet = options.Subnet is null ? Subnets.Free(port) : Subnets.Parse(options.Subnet);
        return new(subnet, port, 16, [.. Vms(subnet, port, options.Pairs)], [], []);
    }

    /// <summary>The lab that was there; its VMs keep their addresses.</summary>
    /// <exception cref="LabException">The options name other addresses.</exception>
    public static LabState Again(LabState state, LabOptions options)
    {
        var asked = (options.Subnet is null ? state.Subnet : Subnets.Parse(options.Subnet), options.Port ?? state.Port);
        return asked == (state.Subnet, state.Port) ? state : throw new LabException(
            "lab-elsewhere", 409, $"The lab in {options.Directory} has its VMs in {state.Subnet}.0.0/16 at port {state.Port}, and they keep their addresses.", "leave --subnet and --port out, or make another lab in another --dir");
    }

    /// <summary>Boots every VM that is to be on, a few at a time and without delay, and waits until each answers.</summary>
    public static async Task BootAsync(LabBook book, ImageStore images, GuestRoom guests, LabOptions options, bool fresh, TimeProvider time, CancellationToken cancellation)
    {
        if (fresh)
            foreach (var vm in book.Vms())
                Install(book, images.Find(WebImages.Old), vm.Name, options);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount * 2, CancellationToken = cancellation };
        await Parallel.ForEachAsync(book.Vms().Where(vm => vm.Power == LabPower.On), parallel, async (vm, stop) =>
        {
            guests.Boot(vm.Name, TimeSpan.Zero, []);
            await AnswersAsync(book, vm, time, stop);
        });
    }

    private static IEnumerable<LabVm> Vms(string subnet, int port, int pairs) =>
        from pair in Enumerable.Range(1, pairs)
        from member in Enumerable.Range(1, 2)
        let letter = member == 1 ? "a" : "b"
        select new LabVm($"web-{pair}-{letter}", $"web-{pair}", letter, Subnets.Member(subnet, pair, member), port, null, null, null, null, LabPower.Missing, null, "new");

    private static void Install(LabBook book, LabImage image, string name, LabOptions options)
    {
        image.CopyTo(Path.Combine(options.Disk(name), GuestDisk.Image));
        book.Identify(name, image.Manifest.Label(), image.Manifest.Digest);
        book.Change(name, vm => vm with { Power = LabPower.On });
    }

    private static async Task AnswersAsync(LabBook book, LabVm vm, TimeProvider time, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(BootBound);
        while (!await Ports.AcceptsAsync(vm.Host, vm.Port, bound.Token))
        {
            if (book.Get(vm.Name) is { Power: LabPower.Off, Detail: var detail })
                throw new LabException("guest-ended", 500, $"{vm.Name} at {vm.Host}:{vm.Port} did not boot: {detail}", "is its address taken? choose another --subnet");
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, bound.Token);
        }
    }
}
