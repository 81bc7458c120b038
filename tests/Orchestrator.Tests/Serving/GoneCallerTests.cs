using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Callers that do not wait for their answer.</summary>
public sealed class GoneCallerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_caller_asked_that_has_gone_is_done_once_and_its_key_tells_what_came_of_it()
    {
        await using var served = await ServedLab.StartAsync("required");
        var gate = new Gate(served.Service.Folder);
        await served.WriteAsync(gate.Of(served.Fleet("required")));
        using var ada = await served.Service.ClientAsync("ada", "admin");
        await ada.UntilAsync("/v1/fleets/lab/members/web-1/a", _ => File.Exists(Path.Combine(served.Service.Folder, "gate-asked")));
        gate.Hold();
        using (var socket = await SendAsync(served.Service, ada, "gone-1"))
        {
            await gate.HeldUpAsync();
            socket.LingerState = new LingerOption(true, 0);
        }

        gate.Let();
        var run = (await ada.UntilAsync("/v1/runs", runs => runs.GetProperty("items").GetArrayLength() == 1)).GetProperty("items")[0].GetProperty("run").GetString();
        await ada.UntilAsync("/v1/acts", acts => acts.GetProperty("items").GetArrayLength() == 1);
        var again = (await ada.PostAsync("/v1/runs", s_start, "gone-1")).Is(201);
        Assert.Equal(("true", run), (again.Header("Idempotency-Replayed"), again.Json.GetProperty("run").GetString()));
        Assert.Single((await ada.GetAsync("/v1/runs")).Json.GetProperty("items").EnumerateArray());
        Assert.Empty((await ada.GetAsync("/v1/orders")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal([201], (await ada.GetAsync("/v1/acts")).Json.GetProperty("items").EnumerateArray().Select(act => act.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task What_was_begun_and_could_not_be_kept_is_found_by_the_same_key()
    {
        await using var served = await ServedLab.StartAsync("required");
        using var ada = await served.Service.ClientAsync("ada", "admin");
        await served.Service.ExecuteAsync("CREATE TRIGGER full BEFORE INSERT ON acts BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        (await ada.PostAsync("/v1/runs", s_start, "kept-1")).Refused(503, "journal-unavailable");
        (await ada.PostAsync("/v1/runs", s_start, "kept-1")).Refused(503, "journal-unavailable");
        await served.Service.ExecuteAsync("DROP TRIGGER full");
        var begun = (await ada.PostAsync("/v1/runs", s_start, "kept-1")).Is(201).Json.GetProperty("run").GetString();
        Assert.Equal(begun, Assert.Single((await ada.GetAsync("/v1/runs")).Json.GetProperty("items").EnumerateArray()).GetProperty("run").GetString());
        Assert.Empty((await ada.GetAsync("/v1/orders")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_connection_that_is_reset_in_the_middle_of_a_body_is_no_defect()
    {
        await using var service = await Service.StartAsync([("log:level", "Debug"), .. Hooks.Settings()]);
        using (var socket = await OpenAsync(service, "POST /hooks/slack HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\ntext=status"))
            socket.LingerState = new LingerOption(true, 0);
        await LabFixture.UntilAsync(() => Task.FromResult(Logged(service).Contains("POST /hooks/slack", StringComparison.Ordinal)));
        Assert.DoesNotContain("defect", Logged(service), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ConnectionReset", Logged(service), StringComparison.Ordinal);
    }

    private static readonly object s_start = new { fleet = "lab", ifBusy = "queue" };

    private static Task<TcpClient> SendAsync(Service service, ApiClient client, string key)
    {
        const string Body = """{"fleet":"lab","ifBusy":"queue"}""";
        return OpenAsync(service, string.Create(CultureInfo.InvariantCulture, $"POST /v1/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.Token}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
    }

    private static async Task<TcpClient> OpenAsync(Service service, string text)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(service.Address.Host, service.Address.Port, Cancellation);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        return socket;
    }

    private static string Logged(Service service)
    {
        using var file = new StreamReader(new FileStream(service.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return file.ReadToEnd();
    }
}
