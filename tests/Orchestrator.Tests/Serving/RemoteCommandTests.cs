using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class RemoteCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_same_command_line_works_against_a_worker_elsewhere()
    {
        await using var served = await ServedLab.StartAsync("four-eyes");
        using var ada = await served.Service.ClientAsync("ada", "operator", "approver");
        using var grace = await served.Service.ClientAsync("grace", "approver");
        Task<Said> As(ApiClient who, params string[] args) => _cli.ExecuteAsync([("REFRESH_SERVER", served.Service.Address.ToString()), ("REFRESH_TOKEN", who.Token!)], args);

        var plan = (await As(ada, "plan", "lab", "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal(2, plan.GetProperty("rebuilds").GetInt32());
        Assert.Contains("2 of 2 members are rebuilt", (await As(ada, "plan")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        var run = (await As(ada, "run", "lab", "--yes", "--detach", "--why", "patches", "--json")).Ended(ExitCodes.Done).Json.GetProperty("run").GetString()!;
        Assert.Contains(run, (await As(ada, "run", "lab", "--yes")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("another person approve", (await As(ada, "approve")).Ended(ExitCodes.Refused).Error, StringComparison.Ordinal);
        Assert.Equal("taken-up", (await As(grace, "approve", "lab", "--json")).Ended(ExitCodes.Done).Json.GetProperty("outcome").GetString());
        await ada.UntilAsync($"/v1/runs/{run}", status => status.GetProperty("state").GetString() == "Succeeded");

        Assert.Equal("Succeeded", (await As(ada, "status", run, "--json")).Ended(ExitCodes.Done).Json.GetProperty("state").GetString());
        Assert.Contains(run, (await As(ada, "history")).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.Equal("run-planned", (await As(ada, "history", run, "--json")).Ended(ExitCodes.Done).Lines[0].GetProperty("event").GetProperty("event").GetString());
        Assert.Contains("ada", (await As(ada, "report", run)).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.Contains("take 2 members of fleet lab back", (await As(ada, "rollback", run)).Ended(ExitCodes.Usage).Error, StringComparison.Ordinal);
        var back = (await As(ada, "rollback", run, "--yes", "--why", "bad image", "--json")).Ended(ExitCodes.Done);
        Assert.Equal("RolledBack", back.Lines[^1].GetProperty("state").GetString());

        (await As(ada, "evidence", "export", run, "--key", "mine")).Ended(ExitCodes.Usage);
        var exported = (await As(ada, "evidence", "export", run, "--output", _cli.At("run.json"), "--json")).Ended(ExitCodes.Done).Json;
        var verified = (await _cli.RunAsync("evidence", "verify", _cli.At("run.json"), "--key", exported.GetProperty("publicKey").GetString()!, "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal("RolledBack", verified.GetProperty("claims").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Without_a_token_or_without_TLS_nothing_is_sent()
    {
        Assert.Contains("REFRESH_TOKEN", (await _cli.ExecuteAsync([], "status", "--server", "http://127.0.0.1:1")).Ended(ExitCodes.Usage).Error, StringComparison.Ordinal);
        Assert.Contains("without TLS", (await _cli.ExecuteAsync([("REFRESH_TOKEN", "rfsh_x")], "status", "--server", "http://refresh.example")).Ended(ExitCodes.Usage).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (await _cli.ExecuteAsync([("REFRESH_TOKEN", "rfsh_x")], "status", "--server", "http://127.0.0.1:1")).Ended(ExitCodes.Unreachable).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_shown_once_listed_without_what_opens_and_revoked()
    {
        var made = (await _cli.RunAsync("token", "create", "ada", "--role", "operator@shop", "--role", "viewer", "--lasts", "30d", "--json")).Ended(ExitCodes.Done).Json;
        var token = made.GetProperty("token").GetString()!;
        Assert.Matches("^rfsh_[A-Za-z0-9]{40}$", token);
        var listed = (await _cli.RunAsync("token", "list")).Ended(ExitCodes.Done).Output;
        Assert.Contains("operator@shop viewer", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(token, listed, StringComparison.Ordinal);
        var id = made.GetProperty("id").GetString()!;
        (await _cli.RunAsync("token", "revoke", id)).Ended(ExitCodes.Done);
        (await _cli.RunAsync("token", "revoke", id)).Ended(ExitCodes.Refused);
        (await _cli.RunAsync("token", "create", "ada lovelace", "--role", "viewer")).Ended(ExitCodes.Usage);
        (await _cli.RunAsync("token", "create", "ada", "--role", "king")).Ended(ExitCodes.Usage);
    }
}
