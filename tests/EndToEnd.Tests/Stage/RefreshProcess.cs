using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Journal;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.EndToEnd.Tests.Stage;

/// <summary>The program itself as a process of its own: what it says, and what a shell can do to it.</summary>
internal sealed class RefreshProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _said = [];
    private readonly Task _reading;

    public RefreshProcess(string journal, params string[] arguments)
        : this(journal, null, arguments)
    {
    }

    /// <summary>Starts the program with a failpoint in it.</summary>
    public RefreshProcess(string journal, string? failpoint, string[] arguments)
    {
        // A shell that ignores the signal of a file that is too long, and becomes the program: it meets the error instead.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", LabFixture.Executable.FileName, .. LabFixture.Executable.Prefix, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REFRESH_JOURNAL"] = journal;
        start.Environment["REFRESH_LEASE"] = "2s";
        if (failpoint is not null)
            StartupHook.Plant(start.Environment, failpoint);
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _lines.Writer), ReadAsync(_process.StandardError, null));
    }

    public int Pid => _process.Id;

    /// <summary>All that it has said so far, errors included.</summary>
    public string Output
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>The journal entries that it has told, with --json.</summary>
    public IReadOnlyList<RunEvent> Events
    {
        get
        {
            lock (_said)
                return [.. _said.Select(Event).OfType<RunEvent>()];
        }
    }

    /// <summary>Reads on until it tells a certain entry.</summary>
    public Task<string> UntilAsync(Func<RunEvent, bool> which) => UntilLineAsync(line => Event(line) is { } happened && which(happened));

    /// <summary>Reads on until it says a certain thing.</summary>
    public async Task<string> UntilLineAsync(Func<string, bool> which)
    {
        using var bound = Bounded();
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(bound.Token))
                if (which(line))
                    return line;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not say what was waited for, but:\n{Output}");
        }

        await _reading;
        throw new InvalidOperationException($"It ended before it said what was waited for:\n{Output}");
    }

    /// <summary>Takes its power away.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends a signal: INT, STOP, CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process.Id}")]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var bound = Bounded();
        try
        {
            await _process.WaitForExitAsync(bound.Token);
            await _reading;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not end, and has said:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits for its end, and says all that it said when the exit code is another than expected.</summary>
    public async Task EndsWithAsync(int exitCode)
    {
        var ended = await EndAsync();
        Assert.True(exitCode == ended, $"exit code {ended}, expected {exitCode}:\n{Output}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static RunEvent? Event(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("event", out var entry) ? JournalFormat.Read(entry.GetRawText()) : null;
    }

    private static CancellationTokenSource Bounded()
    {
        var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        return bound;
    }

    private async Task ReadAsync(StreamReader from, ChannelWriter<string>? to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_said)
                _said.Add(line);
            to?.TryWrite(line);
        }

        to?.TryComplete();
    }
}
