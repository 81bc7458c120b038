using System.Text.Json;

namespace Refresh.Lab.Load;

/// <summary>Keeps up a steady load, reports once a second, and takes phases from its input.</summary>
internal sealed class LoadGenerator(LoadOptions options, TextReader input, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private readonly LoadTally _tally = new(options.Phase, time);

    /// <summary>Runs until it is cancelled, its input ends or its lifetime is over; then waits for what is in flight and reports a last time.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(options.Lifetime);
        using var client = new LoadClient(options, _tally, time);
        _ = FollowAsync(stop);
        var reports = ReportAsync(stop.Token);
        await (options.Clients > 0 ? RunClientsAsync(client, stop.Token) : RunRateAsync(client, stop.Token));
        await reports;
        return Write(final: true);
    }

    private Task RunClientsAsync(LoadClient client, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
                await client.AskAsync(CancellationToken.None);
        }));

    private async Task RunRateAsync(LoadClient client, CancellationToken stop)
    {
        var inFlight = new HashSet<Task>();
        var began = time.GetTimestamp();
        var begun = 0L;
        while (!stop.IsCancellationRequested)
        {
            for (var due = (long)(time.GetElapsedTime(began).TotalSeconds * options.Rate); begun < due; begun++)
                inFlight.Add(client.AskAsync(CancellationToken.None));
            inFlight.RemoveWhere(task => task.IsCompletedSuccessfully);
            await Task.Delay(Tick, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(inFlight);
    }

    private async Task ReportAsync(CancellationToken stop)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await second.WaitForNextTickAsync(stop))
                Write(final: false);
        }
        catch (OperationCanceledException)
        {
            // The last report comes when nothing is in flight.
        }
    }

    private async Task FollowAsync(CancellationTokenSource stop)
    {
        while (await input.ReadLineAsync(stop.Token) is { } line)
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["phase", var phase])
                _tally.Switch(phase);
        await stop.CancelAsync();
    }

    private LoadReport Write(bool final)
    {
        var report = _tally.Read(final);
        output.WriteLine(JsonSerializer.Serialize(report, LabJson.Default.LoadReport));
        output.Flush();
        return report;
    }
}
