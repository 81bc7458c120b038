using System.Net;
using Refresh.Orchestrator.Remote;

namespace Refresh.Orchestrator.Commands;

/// <summary>Opens a worker elsewhere: its address, and the token, which is never part of a command line.</summary>
internal static class RemoteAccess
{
    public static RemoteServer Open(string address, TimeProvider clock, Func<string> newId)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw new CommandFailure(ExitCodes.Usage, "server-invalid", $"--server is the URL of a worker, for example https://refresh.example:7878, and not '{address}'.");
        if (uri.Scheme == "http" && !IsLoopback(uri))
            throw new CommandFailure(ExitCodes.Usage, "server-without-tls", $"{uri} is without TLS, and the token would be readable on the way. Nothing was sent.", "Use https, or a tunnel to a loopback address.");
        return new RemoteServer(uri, Token(), clock, newId);
    }

    private static bool IsLoopback(Uri uri) => uri.IsLoopback || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static string Token()
    {
        if (Environment.GetEnvironmentVariable("REFRESH_TOKEN") is { Length: > 0 } told)
            return told.Trim();
        if (Environment.GetEnvironmentVariable("REFRESH_TOKEN_FILE") is not { Length: > 0 } file)
            throw new CommandFailure(ExitCodes.Usage, "token-missing", "--server needs a token: in $REFRESH_TOKEN, or in a file that $REFRESH_TOKEN_FILE names.", "`refresh token create`, where the worker runs, makes one.");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Usage, "token-unreadable", $"The token cannot be read: {unreadable.Message}");
        }
    }
}
