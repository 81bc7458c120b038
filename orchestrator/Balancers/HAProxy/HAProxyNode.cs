using System.Collections.Concurrent;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>One HAProxy: reads its servers and gives it commands. Its errors name it.</summary>
/// <param name="socket">Its Runtime API socket.</param>
/// <param name="old">Its workers from before a reload; null where it has no master socket to see them by.</param>
internal sealed class HAProxyNode(RuntimeSocket socket, OldWorkers? old)
{
    private static readonly Dictionary<HAProxyServer, int> NoSessions = [];

    private readonly ConcurrentDictionary<string, SharedRead<IReadOnlyList<ServerReading>>> _reads = new(StringComparer.Ordinal);

    /// <summary>Its name: the socket as the fleet file writes it.</summary>
    public string Name => socket.Name;

    /// <summary>Reads a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="AdapterException">The process cannot be reached, does not know the server, or answers something damaged.</exception>
    public async Task<ServerReading> ReadAsync(HAProxyServer server, CancellationToken cancellation) =>
        (await ReadAllAsync(server.Backend, cancellation)).FirstOrDefault(reading => reading.Server == server)
        ?? throw Unknown(server, "No such server.");

    /// <summary>Reads all servers of a backend, or of all backends; all who ask at the same time share a reading.</summary>
    /// <param name="backend">The backend; null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="AdapterException">As for <see cref="ReadAsync"/>.</exception>
    public Task<IReadOnlyList<ServerReading>> ReadAllAsync(string? backend, CancellationToken cancellation) =>
        _reads.GetOrAdd(backend ?? string.Empty, _ => new SharedRead<IReadOnlyList<ServerReading>>(() => ReadNowAsync(backend))).AskAsync(cancellation);

    private async Task<IReadOnlyList<ServerReading>> ReadNowAsync(string? backend)
    {
        // The state first: sessions are then counted after the state that stops new ones. Old workers last: what a reload moves there is counted twice rather than never.
        var tables = await AskAsync($"show servers state {backend}".TrimEnd() + $";show stat {backend ?? "-1"} 4 -1", backend, CancellationToken.None);
        try
        {
            return Parse(tables, old is null ? NoSessions : await old.SessionsAsync(CancellationToken.None));
        }
        catch (FormatException e)
        {
            throw Damaged(e);
        }
    }

    /// <summary>Joins the two tables, which follow each other with an empty line between.</summary>
    private IReadOnlyList<ServerReading> Parse(string tables, IReadOnlyDictionary<HAProxyServer, int> held)
    {
        // The first line is the version of the table's format.
        if (!tables.StartsWith("1\n", StringComparison.Ordinal))
            throw new FormatException("the table of states has another format than 1");
        var end = tables.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        var statOf = RuntimeTable.Parse(tables[end..], ',').ToLookup(row => new HAProxyServer(row["pxname"], row["svname"]));
        return
        [
            .. RuntimeTable.Parse(tables[2..end], ' ').Select(state =>
            {
                var server = new HAProxyServer(state["be_name"], state["srv_name"]);
                return statOf[server].ToList() is [var stat]
                    ? ServerReading.Parse(Name, state, stat, held.GetValueOrDefault(server))
                    : throw new FormatException($"{server} is in one table and not in the other");
            }),
        ];
    }

    /// <summary>Sets a server to a state.</summary>
    /// <param name="server">The server.</param>
    /// <param name="state">The state.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task SetStateAsync(HAProxyServer server, AdminState state, CancellationToken cancellation) =>
        CommandAsync(server, $"set server {server} state {state switch { AdminState.Ready => "ready", AdminState.Drain => "drain", _ => "maint" }}", cancellation);

    /// <summary>Sets a server's weight.</summary>
    /// <param name="server">The server.</param>
    /// <param name="percent">In percent of its weight in the configuration.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task SetWeightAsync(HAProxyServer server, int percent, CancellationToken cancellation) =>
        CommandAsync(server, $"set server {server} weight {percent}%", cancellation);

    /// <summary>Takes all credit from a server's check: only checks that pass from now on bring it up.</summary>
    /// <param name="server">The server; it must have a check, or nothing would bring it up again.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task ForgetChecksAsync(HAProxyServer server, CancellationToken cancellation) =>
        CommandAsync(server, $"set server {server} health down", cancellation);

    /// <summary>Cuts a server's sessions.</summary>
    /// <param name="server">The server.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task CutSessionsAsync(HAProxyServer server, CancellationToken cancellation)
    {
        await CommandAsync(server, $"shutdown sessions server {server}", cancellation);
        if (old is not null)
            await old.CutSessionsAsync(server, cancellation);
    }

    /// <summary>Sets a server's address. Only in maintenance: a server that is up goes on using the old one.</summary>
    /// <param name="server">The server.</param>
    /// <param name="address">An IP address and a port; HAProxy refuses host names.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task SetAddressAsync(HAProxyServer server, Endpoint address, CancellationToken cancellation)
    {
        var command = $"set server {server} addr {address.Host} port {address.Port}";
        var body = await AskAsync(command, null, cancellation, server);
        if (!RuntimeAnswer.IsAddressSuccess(body))
            throw Refused(server, command, body.Trim());
    }

    /// <summary>Why this socket may not give commands; null if it may. Changes nothing: the level is looked at before the words.</summary>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Reason?> PermissionAsync(CancellationToken cancellation)
    {
        try
        {
            await AskAsync("set server - state", null, cancellation);
        }
        catch (AdapterException e) when (e.Reason.Code == "balancer-denied")
        {
            return e.Reason;
        }
        catch (AdapterException e) when (e.Reason.Code is "balancer-refused" or "balancer-server-unknown")
        {
            // The socket has the level: it came to look at the words, which say nothing.
        }

        return null;
    }

    private async Task CommandAsync(HAProxyServer server, string command, CancellationToken cancellation)
    {
        var body = await AskAsync(command, null, cancellation, server);
        if (!RuntimeAnswer.IsSuccess(body))
            throw Refused(server, command, body.Trim());
    }

    /// <summary>Sends a command and sorts out what is an error whatever the command.</summary>
    private async Task<string> AskAsync(string command, string? backend, CancellationToken cancellation, HAProxyServer? server = null)
    {
        var answer = await socket.SendAsync(RuntimeAnswer.Prefix + command, cancellation);
        string body;
        try
        {
            body = RuntimeAnswer.Body(answer);
        }
        catch (FormatException e)
        {
            throw Damaged(e);
        }

        if (RuntimeAnswer.Message(body) is not { } message || RuntimeAnswer.IsAddressSuccess(body))
            return body;
        throw RuntimeAnswer.IsDenied(message) ? Denied(command)
            : RuntimeAnswer.IsUnknown(message) ? Unknown(server ?? new HAProxyServer(backend ?? "?", "?"), message)
            : Refused(server, command, message);
    }

    private AdapterException Damaged(FormatException cause) => new(
        new Reason(
            "balancer-answer-damaged",
            $"HAProxy at {Name} gave an answer that cannot be read: {cause.Message}. No verdict is drawn from it.",
            "try again; if it stays, send 'show servers state' and 'show stat' to the socket and report what it says with the version of HAProxy"),
        cause);

    private AdapterException Denied(string command) => new(new Reason(
        "balancer-denied",
        $"HAProxy at {Name} denies '{command}': the socket's level is too low.",
        "give the socket 'level admin' in its 'stats socket' line and reload HAProxy"));

    private AdapterException Unknown(HAProxyServer server, string message) => new(new Reason(
        "balancer-server-unknown",
        $"HAProxy at {Name} does not know {server}: {message}",
        "correct backend and server in the fleet file, or add the server to HAProxy; 'refresh doctor' lists near names"));

    private AdapterException Refused(HAProxyServer? server, string command, string message) => new(new Reason(
        "balancer-refused",
        $"HAProxy at {Name} refused '{command}': {message}",
        server is null ? "look at HAProxy's version and log" : $"look at {server} with 'show servers state'; nothing else was changed by this command"));
}
