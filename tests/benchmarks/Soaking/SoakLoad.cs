using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Refresh.Lab;
using Refresh.Lab.Load;

namespace Refresh.Benchmarks.Soaking;

/// <summary>A steady load in a process of its own.</summary>
internal sealed class SoakLoad : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private volatile LoadReport? _latest;

    public SoakLoad(LabExecutable executable, Uri url, TimeSpan lifetime)
    {
        string[] arguments = ["lab", "load", "--url", url.ToString(), "--rate", "50", "--long-share", "4", "--long-ms", "300", "--lifetime", string.Create(CultureInfo.InvariantCulture, $"{(int)lifetime.TotalSeconds}s")];
        _process = Process.Start(new ProcessStartInfo(executable.FileName, [.. executable.Prefix, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _reading = ReadAsync();
    }

    public long Sent => _latest?.Sent ?? 0;

    public long Failed => _latest?.Failed ?? 0;

    public IEnumerable<string> Failures => _latest?.Failures ?? [];

    /// <summary>Ends the load and waits for its last report.</summary>
    public async Task EndAsync()
    {
        // Ctrl-C on a terminal has ended it already.
        if (!_process.HasExited)
            _process.StandardInput.Close();
        await _reading;
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await EndAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _latest = JsonSerializer.Deserialize<LoadReport>(line, JsonSerializerOptions.Web) ?? _latest;
    }
}
