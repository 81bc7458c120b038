using System.Diagnostics;
using System.Text.Json;
using Refresh.Lab;
using Refresh.Lab.Load;
using Refresh.Orchestrator.Reports;

namespace Refresh.Orchestrator.Demo;

/// <summary>The demo's load: a process of its own that sends short and long requests through the balancer and counts what comes back.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    public const string WarmUp = "warm-up";
    public const string Before = "before";
    public const string During = "during";
    public const string After = "after";

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private volatile LoadReport? _latest;

    private LoadProcess(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What has come of the load so far.</summary>
    public LoadReport? Latest => _latest;

    public static LoadProcess Start(LabExecutable executable, Uri site, DemoOptions options)
    {
        var start = new ProcessStartInfo(executable.FileName, [
            .. executable.Prefix, "lab", "load", "--detached", "--phase", WarmUp, "--url", site.ToString(),
            "--rate", $"{options.Rate}", "--lifetime", $"{options.Lifetime.TotalSeconds}s",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new LoadProcess(Process.Start(start)!);
    }

    /// <summary>From now on requests count for this phase.</summary>
    public void Phase(string name)
    {
        _process.StandardInput.WriteLine($"phase {name}");
        _process.StandardInput.Flush();
    }

    /// <summary>Ends the load and waits for its last word.</summary>
    public async Task<LoadReport> EndAsync(CancellationToken cancellation)
    {
        _process.StandardInput.Close();
        await _reading.WaitAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return _latest is { Final: true } last ? last : throw new LabException("load-lost", 500, $"The load ended without its last word: {await _errors}", "run the demo again");
    }

    public static LoadSummary Summary(LoadReport report)
    {
        var before = report.Phases.FirstOrDefault(phase => phase.Name == Before);
        var during = report.Phases.FirstOrDefault(phase => phase.Name == During);
        return new LoadSummary(during?.Sent ?? 0, during?.Failed ?? 0, before?.Fast.P50, before?.Fast.P99, during?.Fast.P50 ?? 0, during?.Fast.P99 ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _latest = JsonSerializer.Deserialize<LoadReport>(line, JsonSerializerOptions.Web) ?? _latest;
    }
}
