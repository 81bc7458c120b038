using System.Globalization;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>
/// The workers that a reload has replaced: they finish their requests where the admin socket does not see them. They are
/// reached through the master socket; see reference/load-balancers.md, "HAProxy runtime API".
/// </summary>
/// <param name="master">The master socket.</param>
/// <param name="clock">Times how long a worker may be ending.</param>
internal sealed class OldWorkers(RuntimeSocket master, TimeProvider clock)
{
    private const string Gone = "Can't find the target PID";
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Counts what they still hold.</summary>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>Requests or connections on each server and those that wait for it; servers without any may be missing.</returns>
    /// <exception cref="AdapterException">The master cannot be reached, or is none.</exception>
    /// <exception cref="FormatException">An answer is damaged.</exception>
    public async Task<IReadOnlyDictionary<HAProxyServer, int>> SessionsAsync(CancellationToken cancellation)
    {
        var sessions = new Dictionary<HAProxyServer, int>();
        foreach (var worker in await ListAsync(cancellation))
        {
            foreach (var row in await RowsAsync(worker, cancellation))
            {
                var server = new HAProxyServer(row["pxname"], row["svname"]);
                sessions[server] = sessions.GetValueOrDefault(server) + row.Number("scur") + row.Number("qcur");
            }
        }

        return sessions;
    }

    /// <summary>Cuts their sessions on a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task CutSessionsAsync(HAProxyServer server, CancellationToken cancellation)
    {
        // What came of it is counted afterwards: an old worker may not know the server at all.
        foreach (var worker in await ListAsync(cancellation))
            await TellAsync(worker, $"shutdown sessions server {server}", cancellation);
    }

    /// <summary>Reads the process ids out of the answer to <c>show proc</c>.</summary>
    /// <exception cref="FormatException">It is not such an answer.</exception>
    internal static IReadOnlyList<int> Parse(string processes)
    {
        if (!processes.StartsWith("#<PID>", StringComparison.Ordinal) || !processes.EndsWith("\n\n", StringComparison.Ordinal))
            throw new FormatException("the list of processes has no header or no end");
        return
        [
            .. processes.Split('\n')
                .SkipWhile(line => line != "# old workers").Skip(1)
                .TakeWhile(line => line.Length > 0 && line[0] != '#')
                .Select(line => int.TryParse(line.Split(' ', 2)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : throw new FormatException($"'{line}' is not a process")),
        ];
    }

    private async Task<IReadOnlyList<int>> ListAsync(CancellationToken cancellation)
    {
        var processes = await SendAsync("show proc", cancellation);
        return processes.StartsWith("Unknown command", StringComparison.Ordinal)
            ? throw new AdapterException(new Reason(
                "balancer-not-master",
                $"{master.Name} is not the master socket of an HAProxy: it does not know 'show proc'.",
                "name the socket of 'haproxy -W -S PATH' as 'master', or leave 'master' out"))
            : Parse(processes);
    }

    private async Task<IReadOnlyList<RuntimeRow>> RowsAsync(int worker, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await TellAsync(worker, "show stat -1 4 -1", cancellation) is not { } stats)
                return [];
            try
            {
                return [.. RuntimeTable.Parse(stats, ',')];
            }
            catch (FormatException) when (clock.GetElapsedTime(began) < s_ending)
            {
                // A worker that is ending answers in part or not at all until its master has seen it end; then it holds nothing more.
                await Task.Delay(s_pause, clock, cancellation);
            }
        }
    }

    /// <summary>Gives one worker a command; null when it has ended meanwhile, and holds nothing more.</summary>
    private async Task<string?> TellAsync(int worker, string command, CancellationToken cancellation)
    {
        var answer = await SendAsync(string.Create(CultureInfo.InvariantCulture, $"@!{worker} {command}"), cancellation);
        return answer.StartsWith(Gone, StringComparison.Ordinal) ? null : answer;
    }

    // Unlike a worker's socket, the master's stays open unless it is told to close.
    private Task<string> SendAsync(string command, CancellationToken cancellation) => master.SendAsync($"{command};quit", cancellation);
}
