using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;
using Endpoint = Refresh.Workflows.Fleets.Endpoint;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>A real HAProxy process with its configuration; it ends by itself after two minutes.</summary>
internal sealed class HAProxyProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hap").FullName;
    private readonly IPAddress _address = Loopback.Address();
    private readonly IReadOnlyList<(string Name, Endpoint Address)> _servers;
    private readonly string _options;
    private readonly bool _master;
    private Process? _process;

    private HAProxyProcess(IReadOnlyList<(string Name, Endpoint Address)> servers, string options, bool master) => (_servers, _options, _master) = (servers, options, master);

    /// <summary>Its frontend.</summary>
    public Uri Site => new($"http://{_address}:8080/");

    /// <summary>Its socket of level admin.</summary>
    public string Socket => $"unix:{_folder}/admin";

    /// <summary>Its socket of level admin over TCP.</summary>
    public string TcpSocket => $"tcp:{_address}:9999";

    /// <summary>Its socket of level operator.</summary>
    public string OperatorSocket => $"unix:{_folder}/operator";

    /// <summary>Its master socket; null when it runs without a master.</summary>
    public string? MasterSocket => _master ? $"unix:{_folder}/master" : null;

    /// <summary>Starts one; skips the test where HAProxy is not installed.</summary>
    /// <param name="servers">The servers of the backend <c>site</c>.</param>
    /// <param name="options">What each of them has besides its address.</param>
    /// <param name="master">Whether it runs with a master, which can replace its worker by a reload.</param>
    public static async Task<HAProxyProcess> StartAsync(IReadOnlyList<(string Name, Endpoint Address)> servers, string options = "check inter 50ms rise 2 fall 2", bool master = false)
    {
        var installed = Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, "haproxy")));
        Assert.SkipUnless(installed, "HAProxy is not installed: install the package haproxy to run this test.");
        var process = new HAProxyProcess(servers, options, master);
        await process.StartAsync();
        return process;
    }

    /// <summary>Sends a line to the socket, as a person would.</summary>
    public Task<string> SendAsync(string line) => SendAsync("admin", line);

    /// <summary>Lets the master start another worker; the one before finishes its requests.</summary>
    public async Task ReloadAsync()
    {
        while (!await SaysAsync("master", "show proc;quit", "# workers"))
            await Task.Delay(10);
        await SendAsync("master", "reload;quit");
        while (!await SaysAsync("master", "show proc;quit", "# old workers") || !await AnswersAsync())
            await Task.Delay(10);
    }

    private async Task<string> SendAsync(string name, string line)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint($"{_folder}/{name}"));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Ends the process at once.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends it, and starts it with the same configuration.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        var configuration = Path.Combine(_folder, "haproxy.cfg");
        await File.WriteAllTextAsync(
            configuration,
            $"""
            global
              stats socket {_folder}/admin mode 600 level admin
              stats socket {_folder}/operator mode 600 level operator
              stats socket {_address}:9999 level admin
              nbthread 1
            defaults
              mode http
              timeout connect 5s
              timeout check 5s
              timeout client 30s
              timeout server 30s
              retries 0
            frontend public
              bind {_address}:8080
              default_backend site
            backend site
              option httpchk GET /health
              default-server {_options}
            {string.Join('\n', _servers.Select(server => string.Create(CultureInfo.InvariantCulture, $"  server {server.Name} {server.Address}")))}

            """);
        var start = new ProcessStartInfo("timeout", ["-k", "1", "120", "haproxy", "-db", .. _master ? ["-W", "-S", $"{_folder}/master"] : Array.Empty<string>(), "-f", configuration])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] += ":/usr/sbin";
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        var errors = _process.StandardError.ReadToEndAsync();
        // A master that has started its worker begins anew, and refuses connections for a moment.
        while (!await AnswersAsync() || (_master && !await SaysAsync("master", "show proc;quit", "# workers")))
        {
            if (_process.HasExited)
                throw new InvalidOperationException(await errors);
            await Task.Delay(10);
        }
    }

    private Task<bool> AnswersAsync() => SaysAsync("admin", "show info", "Version");

    private async Task<bool> SaysAsync(string name, string line, string part)
    {
        try
        {
            return (await SendAsync(name, line)).Contains(part, StringComparison.Ordinal);
        }
        catch (Exception unready) when (unready is SocketException or IOException)
        {
            return false;
        }
    }
}
