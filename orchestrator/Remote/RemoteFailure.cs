using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Remote;

/// <summary>The server refused, or cannot be reached.</summary>
/// <param name="code">The code of the problem.</param>
/// <param name="status">The HTTP status; 0 when there was no answer.</param>
/// <param name="message">What happened, and what to do next.</param>
internal sealed class RemoteFailure(string code, int status, string message) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>The one thing that stood in the way, where the message says nothing else.</summary>
    public Reason? Reason { get; init; }

    public static RemoteFailure Unreachable(Uri address, Exception lost) =>
        new("unreachable", 0, $"{address} cannot be reached: {lost.GetBaseException().Message} Whether it has done what it was asked is not known; `refresh --server {address} status` shows it once it can be reached.");

    public static RemoteFailure Strange(Uri address, int status = 0) =>
        new("strange", status, $"What {address} answers is not what a worker of Refresh answers. Name another with --server.");
}
