using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary><c>refresh serve</c> as a process of its own, with fleet files, configuration and journal in one directory; it can be started again there.</summary>
internal sealed class ServeProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);
    private readonly StringBuilder _said = new();
    private readonly StringBuilder _logged = new();
    private Process? _process;
    private Task _reading = Task.CompletedTask;

    public ServeProcess(string? journal = null)
    {
        Directory.CreateDirectory(Fleets);
        Journal = journal ?? At("journal.db");
        Environment = new() { ["REFRESH_JOURNAL"] = Journal, ["REFRESH_LEASE"] = "2s", ["HOME"] = Folder, ["DOTNET_USER_SECRETS_FALLBACK_DIR"] = null };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("refresh-served-").FullName;

    public string Fleets => At("fleets");

    public string Journal { get; }

    /// <summary>What the process finds in its environment; null for what it must not find.</summary>
    public Dictionary<string, string?> Environment { get; }

    /// <summary>What is in its configuration file, beside the fleets, where it listens and how often it looks.</summary>
    public object Configuration { get; set; } = new { };

    public Uri Address { get; private set; } = null!;

    public int Pid => _process!.Id;

    /// <summary>What it said on standard error.</summary>
    public string Said => Read(_said);

    /// <summary>What it logged.</summary>
    public string Logged => Read(_logged);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a file into its directory.</summary>
    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(string listen = "http://127.0.0.1:0")
    {
        Begin(listen);
        await LabFixture.UntilAsync(() => Task.FromResult(_process!.HasExited || Said.Contains("Listening on ", StringComparison.Ordinal)));
        Assert.False(_process!.HasExited, $"it ended:\n{Said}\n{Logged}");
        Address = new Uri(Said.Split("Listening on ")[^1].Split(". ")[0]);
    }

    /// <summary>Starts it where it is to refuse.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RefusedAsync(string listen)
    {
        Begin(listen);
        return EndAsync();
    }

    /// <summary>A client with a token that the command line made.</summary>
    public async Task<ApiClient> ClientAsync(string person, params string[] roles)
    {
        var start = Start(["token", "create", person, "--json", .. roles.SelectMany(role => new[] { "--role", role })]);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return new ApiClient(() => Address, JsonElement.Parse(output).GetProperty("token").GetString());
    }

    /// <summary>Sends a signal: TERM, HUP.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {Pid}")]);
        await kill.WaitForExitAsync(Cancellation);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Takes its power away.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await EndAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bound.CancelAfter(Bound);
        try
        {
            await _process!.WaitForExitAsync(bound.Token);
            await _reading;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not end, and has said:\n{Said}\n{Logged}");
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Begin(string listen)
    {
        var configuration = JsonSerializer.SerializeToNode(Configuration)!.AsObject();
        configuration["fleets"] = Fleets;
        configuration["listen"] = listen;
        configuration["lookEvery"] = "50ms";
        var file = Write("serve.json", configuration.ToJsonString());
        _process?.Dispose();
        lock (_said)
            _said.Clear();
        _process = Process.Start(Start(["serve", "--config", file]))!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardError, _said), ReadAsync(_process.StandardOutput, _logged));
    }

    private ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo(LabFixture.Executable.FileName, [.. LabFixture.Executable.Prefix, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (to)
                to.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
