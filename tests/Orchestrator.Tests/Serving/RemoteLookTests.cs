using System.Text.Json;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>A worker elsewhere is asked to look: <c>refresh doctor</c> and <c>refresh audit</c>, over real HTTP.</summary>
public sealed class RemoteLookTests : IDisposable
{
    private static readonly string[] s_other = ["other"];
    private readonly Cli _cli = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_doctor_tells_what_the_worker_sees_and_says_that_it_is_the_workers_view()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "viewer@lab");
        Task<Said> Run(params string[] args) => As(served, ada, args);

        var well = (await Run("doctor")).Ended(ExitCodes.Done);
        Assert.Contains($"What worker test:", well.Output, StringComparison.Ordinal);
        Assert.Contains("this machine was not looked at", well.Output, StringComparison.Ordinal);
        Assert.Contains(served.Service.JournalPath, well.Output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 are in rotation", well.Output, StringComparison.Ordinal);
        var json = (await Run("doctor", "lab", "--image", "web@7", "--json")).Ended(ExitCodes.Refused).Json;
        Assert.StartsWith("test:", json.GetProperty("worker").GetString(), StringComparison.Ordinal);
        Assert.Contains("There is no image 'web@7'", Wrong(json), StringComparison.Ordinal);
        Assert.Equal(2, json.GetProperty("members").GetArrayLength());
        Assert.Equal("no-such-fleet", (await Run("doctor", "shop", "--json")).Ended(ExitCodes.Refused).ErrorJson.GetProperty("error").GetString());

        await served.WriteAsync(served.Fleet() + "drian: 3\n");
        await ada.UntilAsync("/v1/fleets/lab", fleet => fleet.GetProperty("mistakes").GetArrayLength() > 0);
        var bad = (await Run("doctor", "--json")).Ended(ExitCodes.Refused).Json;
        Assert.Contains("unknown key 'drian'", Wrong(bad), StringComparison.Ordinal);
        Assert.Equal(2, bad.GetProperty("members").GetArrayLength());
        var audit = (await Run("audit", "--all", "--json", "--fail-on", "never")).Ended(ExitCodes.Done).Json;
        Assert.Contains(audit.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("rule").GetString() == "unread" && finding.GetProperty("text").GetString()!.Contains("drian", StringComparison.Ordinal));
        (await ada.GetAsync("/v1/fleets/lab/doctor?timeout=0")).Refused(400, "invalid-request");
    }

    [Fact]
    public async Task An_audit_of_the_workers_fleets_has_the_output_and_the_exit_code_of_one_made_there()
    {
        await using var served = await ServedLab.StartAsync();
        using var ada = await served.Service.ClientAsync("ada", "viewer");
        Task<Said> Run(params string[] args) => As(served, ada, args);
        await File.WriteAllTextAsync(_cli.At("machines.csv"), "name,host\nforgotten,10.9.9.9\n", Cancellation);

        var there = await _cli.RunAsync("audit", Path.Combine(served.Service.Fleets, "lab.yaml"), "--inventory", _cli.At("machines.csv"), "--max-age", "9999");
        var here = await Run("audit", "lab", "--inventory", _cli.At("machines.csv"), "--max-age", "9999");
        Assert.Contains("forgotten", there.Ended(ExitCodes.Failed).Output, StringComparison.Ordinal);
        Assert.Equal(there.Output, here.Ended(ExitCodes.Failed).Output);

        var before = (await Run("audit", "--json", "--fail-on", "never")).Ended(ExitCodes.Done);
        await File.WriteAllTextAsync(_cli.At("before.json"), before.Output, Cancellation);
        var since = (await Run("audit", "--all", "--inventory", _cli.At("machines.csv"), "--since", _cli.At("before.json"), "--sarif", _cli.At("audit.sarif"), "--html", _cli.At("audit.html"), "--json")).Ended(ExitCodes.Failed).Json;
        Assert.Equal("forgotten", Assert.Single(since.GetProperty("since").GetProperty("new").EnumerateArray()).GetProperty("subject").GetString());
        Assert.Contains("forgotten", await File.ReadAllTextAsync(_cli.At("audit.html"), Cancellation), StringComparison.Ordinal);
        Assert.Equal("2.1.0", JsonElement.Parse(await File.ReadAllTextAsync(_cli.At("audit.sarif"), Cancellation)).GetProperty("version").GetString());
        Assert.Equal("fleets-are-the-workers", (await Run("audit", "--all", "fleets", "--json")).Ended(ExitCodes.Usage).ErrorJson.GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_audit_is_of_fleets_that_may_be_seen_and_on_record()
    {
        await using var served = await ServedLab.StartAsync();
        await served.WriteAsync(served.Fleet(name: "other"), "other");
        using var admin = await served.Service.ClientAsync("root", "admin");
        using var ada = await served.Service.ClientAsync("ada", "viewer@lab");
        await admin.UntilAsync("/v1/fleets", fleets => fleets.GetProperty("items").GetArrayLength() == 2);

        string[] Fleets(Reply reply) => [.. reply.Is(200).Json.GetProperty("fleets").EnumerateArray().Select(fleet => fleet.GetProperty("fleet").GetString()!)];
        Assert.Equal(["lab", "other"], Fleets(await admin.PostAsync("/v1/audits", new { why = "monthly" })));
        Assert.Equal(["lab"], Fleets(await ada.PostAsync("/v1/audits")));
        (await ada.PostAsync("/v1/audits", new { fleets = s_other })).Refused(404, "no-such-fleet");
        var act = (await admin.GetAsync("/v1/acts")).Is(200).Json.GetProperty("items").EnumerateArray().Single(act => act.GetProperty("why").GetString() == "monthly");
        Assert.Equal(("root", "POST /v1/audits", "127.0.0.1"), (act.GetProperty("person").GetString(), act.GetProperty("act").GetString(), act.GetProperty("origin").GetString()));

        (await ada.PostAsync("/v1/audits", new { machines = new[] { new { name = "x", power = "asleep" } } })).Refused(400, "invalid-request");
        (await ada.PostAsync("/v1/audits", new { machines = new object?[] { null } })).Refused(400, "invalid-request");
        (await ada.PostAsync("/v1/audits", new { maxAgeDays = 0 })).Refused(400, "invalid-request");
        var many = Enumerable.Range(0, 3000).Select(each => new { name = $"machine-{each}", host = "10.9.9.9", id = (string?)null }).ToArray();
        Assert.True((await ada.PostAsync("/v1/audits", new { machines = many })).Is(200).Json.GetProperty("findings").GetArrayLength() >= many.Length);
        (await ada.PostAsync("/v1/audits", new { why = new string('x', 8 * 1024 * 1024) }, null, ("Expect", "100-continue"))).Refused(413, "body-too-large");
    }

    private Task<Said> As(ServedLab served, ApiClient who, params string[] args) =>
        _cli.ExecuteAsync([("REFRESH_SERVER", served.Service.Address.ToString()), ("REFRESH_TOKEN", who.Token!)], args);

    private static string Wrong(JsonElement doctor) =>
        string.Join('\n', doctor.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("level").GetString() == "Wrong").Select(finding => finding.GetProperty("text").GetString()));
}
