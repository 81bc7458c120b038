using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Refresh.Lab.Client;

namespace Refresh.Lab.Balancer;

/// <summary>One HAProxy process in front of the lab. It is not started again when it ends: a fresh one would know nothing of who is drained.</summary>
internal sealed class HAProxyNode
{
    // HAProxy binds a temporary name beside it, which must fit into the 108 bytes of a socket address.
    private const int LongestSocketPath = 85;

    // Ends HAProxy when its own input ends: when the lab closes it, or is killed.
    private const string Leash = """exec 3<&0; "$@" 3<&- & child=$!; (cat <&3 >/dev/null; kill "$child") & exec 3<&-; wait "$child" """;
    private readonly Process _process;
    private readonly LabBalancer _facts;
    private readonly Task<string> _ended;

    private HAProxyNode(Process process, LabBalancer facts) => (_process, _facts, _ended) = (process, facts, EndAsync(process));

    public LabBalancer Facts => _facts with { State = _ended.IsCompletedSuccessfully ? _ended.Result : "running" };

    /// <summary>The program, or null where HAProxy is not installed.</summary>
    public static string? FindProgram() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/usr/local/sbin"])
            .Select(directory => Path.Combine(directory, "haproxy"))
            .FirstOrDefault(File.Exists);

    public static HAProxyNode Start(string program, string directory, int number, string host, int port, IReadOnlyCollection<LabVm> vms)
    {
        var name = $"haproxy-{number}";
        var socket = SocketPath(directory, name);
        var config = Path.Combine(directory, name + ".cfg");
        File.WriteAllText(config, HAProxyConfig.Write(host, port, socket, vms));
        var start = new ProcessStartInfo("/bin/sh", ["-c", Leash, name, program, "-db", "-q", "-f", config])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!, new(name, new($"http://{host}:{port}/"), HAProxyConfig.Backend, socket, config, "running"));
    }

    /// <summary>Waits until the frontend accepts, or tells how the process ended.</summary>
    public async Task ReadyAsync(TimeProvider time, CancellationToken cancellation)
    {
        while (!await Ports.AcceptsAsync(_facts.Frontend.Host, _facts.Frontend.Port, cancellation))
        {
            if (_ended.IsCompleted)
                throw new LabException("haproxy-ended", 500, $"{_facts.Name} did not start: {await _ended}", $"look at {_facts.Config}, or start the lab with --balancer none");
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }
    }

    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _ended;
        File.Delete(_facts.Socket);
    }

    private static async Task<string> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return $"ended with code {process.ExitCode} {error}".TrimEnd();
    }

    private static string SocketPath(string directory, string name)
    {
        var path = Path.Combine(directory, name + ".sock");
        if (Encoding.UTF8.GetByteCount(path) <= LongestSocketPath)
            return path;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
        return $"/tmp/refresh-{hash}.sock";
    }
}
