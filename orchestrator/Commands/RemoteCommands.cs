using System.CommandLine;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Remote;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Commands;

/// <summary>The commands that change something, against a worker elsewhere. The run is the worker's: who follows it may leave at any time.</summary>
internal sealed class RemoteCommands(CommandContext context, RemoteServer server)
{
    public static Option<bool> Detach() => new("--detach") { Description = "With --server: do not follow the run." };

    /// <summary>Refuses options that mean something to a worker elsewhere alone, where none is named: to pass over them would mislead.</summary>
    public static void ForElsewhere(Command command, params Option<bool>[] options) => command.Validators.Add(result =>
    {
        if (!string.IsNullOrEmpty(GlobalOptions.ServerOf(result.GetValue(GlobalOptions.Server))))
            return;
        foreach (var option in options.Where(option => result.GetValue(option)))
            result.AddError($"{option.Name} is for a worker elsewhere, and needs --server.");
    });

    public static Option<string> Why() => new("--why") { Description = "Why, for the journal and the report.", DefaultValueFactory = _ => string.Empty };

    /// <summary>The gates that are to be overridden; who does it is known by the token.</summary>
    public static IReadOnlyList<OverrideBody> Overrides(ParseResult parsed, Option<string[]> gates, Option<string> reason) =>
        [.. GateOptions.Read(parsed, gates, reason).Select(gate => new OverrideBody(gate.Gate, gate.Why))];

    public async Task<PlanDocument> PlanAsync(PlanBody body, CancellationToken cancellation)
    {
        var named = body.Fleet.Length > 0 ? body : body with { Fleet = await RemoteFleets.OnlyAsync(server, cancellation) };
        return await server.PostAsync<PlanDocument>("v1/plans", named, cancellation);
    }

    public async Task<WindowsDocument> WindowsAsync(string? fleet, int count, CancellationToken cancellation)
    {
        var windows = await server.GetAsync<WindowsDocument>($"v1/fleets/{Uri.EscapeDataString(fleet ?? await RemoteFleets.OnlyAsync(server, cancellation))}/windows", cancellation);
        return windows with { Windows = [.. windows.Windows.Take(count)] };
    }

    public async Task<int> RunAsync(StartBody body, bool yes, bool detach, CancellationToken cancellation)
    {
        var named = body.Fleet.Length > 0 ? body : body with { Fleet = await RemoteFleets.OnlyAsync(server, cancellation) };
        var name = named.Fleet;
        if (!yes)
        {
            var plan = await PlanAsync(new PlanBody(name, named.Image, named.Why, named.Overrides), cancellation);
            if (plan is { Rebuilds: 0, Obstacles.Count: 0 })
                return await RunCommand.NothingToDoAsync(context, plan);
            await RunCommand.AskAsync(context, plan, yes, cancellation);
            // What begins is what was shown, also when another image has become the newest meanwhile.
            named = named with { Image = plan.Image.Ref.Label };
        }

        var started = await server.PostAsync<StartedDocument>("v1/runs", named, cancellation);
        if (started.Run is { } run && !detach)
            return await FollowAsync(run, null, cancellation);
        if (context.Json)
            await context.Output.WriteJsonAsync(started);
        else
            await context.Output.WriteLineAsync(started switch
            {
                { Run: { } begun } => $"Run {begun} of fleet {name} has begun at {server.Address}.",
                { Order: { } order } => $"Order {order} waits for run {started.WaitsFor} of fleet {name}; its run will have the same id.",
                _ => $"Nothing to do: all members of {name} were seen to run the image and to serve.",
            });
        return started.Order is null ? ExitCodes.Done : ExitCodes.Unfinished;
    }

    public async Task<int> AskAsync(string run, RequestKind kind, string why, CancellationToken cancellation)
    {
        var asked = await PostAsync(run, kind, why, cancellation);
        var waiting = asked.Outcome != "taken-up";
        if (context.Json)
            await context.Output.WriteJsonAsync(asked);
        else
            await context.Output.WriteLineAsync(waiting
                ? $"The request to {kind.Command()} run {run} is kept; its worker has not answered it yet. To see its answer: refresh --server {server.Address} status {run}"
                : $"Taken up: run {run} of fleet {asked.Fleet} is {asked.State}.");
        return waiting ? ExitCodes.Unfinished : ExitCodes.Done;
    }

    public async Task<int> TakeUpAsync(RunHistory history, RequestKind kind, string why, bool detach, CancellationToken cancellation)
    {
        var run = history.Run.Id;
        if (detach)
            return await AskAsync(run, kind, why, cancellation);
        await PostAsync(run, kind, why, cancellation);
        var code = await FollowAsync(run, history, cancellation);
        return kind == RequestKind.Rollback && code == ExitCodes.Cancelled ? ExitCodes.Done : code;
    }

    private async Task<AskedDocument> PostAsync(string run, RequestKind kind, string why, CancellationToken cancellation) =>
        await server.PostAsync<AskedDocument>($"v1/runs/{Uri.EscapeDataString(run)}/{kind.Command()}", new { Why = why }, cancellation);

    private async Task<int> FollowAsync(string id, RunHistory? known, CancellationToken cancellation)
    {
        var conduct = new Conduct(context, null);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Run? run = null;
        await using (var view = conduct.View())
        {
            using var interrupts = new Interrupts(leave.Cancel);
            try
            {
                run = await new RemoteRun(server, id, CommandContext.Clock).FollowAsync(view, known, leave.Token);
            }
            catch (OperationCanceledException)
            {
                view.Note($"Run {id} goes on at {server.Address}; only following it has ended. To stop it: refresh --server {server.Address} pause {id}");
            }
        }

        return run is null ? ExitCodes.Unfinished : await conduct.EndAsync(run);
    }
}
