using System.CommandLine;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Serving.Api;

namespace Refresh.Orchestrator.Commands;

/// <summary>Which fleet of a worker elsewhere is meant. It knows fleets by their names, and no files.</summary>
internal static class RemoteFleets
{
    /// <summary>The fleet that is named; null when none is.</summary>
    public static string? Named(ParseResult parsed, Argument<string> fleet) => parsed.GetResult(fleet) is { Tokens.Count: > 0 } ? parsed.GetRequiredValue(fleet) : null;

    /// <summary>The fleet that is named, or the only one that there is.</summary>
    /// <exception cref="CommandFailure">None is named, and there is not exactly one.</exception>
    public static async Task<string> ChooseAsync(RemoteServer server, ParseResult parsed, Argument<string> fleet, CancellationToken cancellation) =>
        Named(parsed, fleet) ?? await OnlyAsync(server, cancellation);

    /// <summary>The only fleet that there is.</summary>
    /// <exception cref="CommandFailure">There is not exactly one.</exception>
    public static async Task<string> OnlyAsync(RemoteServer server, CancellationToken cancellation)
    {
        var fleets = (await server.GetAsync<FleetsDocument>("v1/fleets", cancellation)).Items;
        return fleets is [var only] ? only.Name : throw new CommandFailure(ExitCodes.Usage, "fleet-missing", $"Say which fleet: {(fleets.Count == 0 ? "there is none at this worker that the token may see" : string.Join(", ", fleets.Select(fleet => fleet.Name)))}.");
    }
}
