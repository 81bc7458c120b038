using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Refresh.Lab.Guests;

/// <summary>A guest as its lab holds it: a child process whose standard input is the machine that it runs on.</summary>
internal sealed class GuestProcess
{
    private readonly Process _process;

    private GuestProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        Ended = EndAsync();
    }

    public int Pid { get; }

    /// <summary>Completes with how the guest ended.</summary>
    public Task<string> Ended { get; }

    public static GuestProcess Start(LabExecutable executable, string disk, string host, int port, GuestBehaviour behaviour)
    {
        var start = executable.Start(["guest", disk, host, port.ToString(CultureInfo.InvariantCulture)]);
        // A hundred guests share a small machine: no diagnostics threads, no second collector thread, a small heap.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        try
        {
            var guest = new GuestProcess(Process.Start(start)!);
            guest.Become(behaviour);
            return guest;
        }
        catch (Win32Exception e)
        {
            throw new LabException("guest-not-started", 500, $"{executable.FileName} cannot be started: {e.Message}", "look at the machine's limits of processes and memory", e);
        }
    }

    /// <summary>Changes how the guest fares; a guest that has ended does not notice.</summary>
    public void Become(GuestBehaviour behaviour)
    {
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(behaviour, LabJson.Default.GuestBehaviour));
            _process.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // How it ended is told by Ended.
        }
    }

    /// <summary>Lets the guest finish what it has begun, and kills it if that takes longer than the bound.</summary>
    public async Task StopAsync(TimeSpan bound, TimeProvider time)
    {
        if (!Ended.IsCompleted)
            Unix.Terminate(Pid);
        try
        {
            await Ended.WaitAsync(bound, time);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    public async Task KillAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        await Ended;
    }

    private async Task<string> EndAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        var error = await _process.StandardError.ReadToEndAsync();
        await output;
        await _process.WaitForExitAsync();
        var end = $"the guest ended with code {_process.ExitCode}{(error.Length > 0 ? ": " + error.Trim() : string.Empty)}";
        // A lab has one guest after the other: what held the old one is given back now.
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        await CloseInputAsync();
        _process.Dispose();
        return end;
    }

    private async Task CloseInputAsync()
    {
        try
        {
            await _process.StandardInput.DisposeAsync();
        }
        catch (IOException)
        {
            // What it was told last, it did not hear.
        }
    }
}
