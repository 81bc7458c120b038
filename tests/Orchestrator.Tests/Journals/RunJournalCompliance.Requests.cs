using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

public abstract partial class RunJournalCompliance
{
    [Fact]
    public async Task Requests_wait_oldest_first_until_an_entry_answers_them()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation);
        RunRequest[] asked = [Request("b", RequestKind.Pause), Request("a", RequestKind.Resume), Request("c", RequestKind.Cancel)];
        foreach (var request in asked)
            await Journal.SubmitAsync(request, Cancellation);
        Assert.Equal(asked, await (await OpenAsync()).RequestsAsync("r1", Cancellation));
        await Journal.GoOnAsync(lease, "r1", 1, Cancellation, answered: ["b", "c", "unknown"]);
        Assert.Equal([asked[1]], await Journal.RequestsAsync("r1", Cancellation));
    }

    [Fact]
    public async Task A_request_delivered_twice_acts_once()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation);
        var request = Request("a", RequestKind.Pause);
        await Journal.SubmitAsync(request, Cancellation);
        await Journal.SubmitAsync(request with { Kind = RequestKind.Cancel }, Cancellation);
        Assert.Equal([request], await Journal.RequestsAsync("r1", Cancellation));
        await Journal.GoOnAsync(lease, "r1", 1, Cancellation, answered: "a");
        await Journal.SubmitAsync(request, Cancellation);
        Assert.Empty(await Journal.RequestsAsync("r1", Cancellation));
    }

    [Fact]
    public async Task A_refused_append_strikes_no_request()
    {
        var lease = await LeaseAsync();
        await Journal.BeginAsync(lease, "r1", [], Cancellation);
        await Journal.SubmitAsync(Request("a", RequestKind.Pause), Cancellation);
        await RefusedAsync(JournalFault.Conflict, () => Journal.GoOnAsync(lease, "r1", 5, Cancellation, answered: "a"));
        Assert.Single(await Journal.RequestsAsync("r1", Cancellation));
    }

    [Fact]
    public async Task An_append_to_one_run_strikes_no_request_to_another()
    {
        var web = await LeaseAsync();
        await Journal.BeginAsync(web, "r1", [], Cancellation);
        await Journal.BeginAsync(await LeaseAsync("shop"), "r2", [], Cancellation);
        await Journal.SubmitAsync(Request("a", RequestKind.Pause) with { Run = "r2" }, Cancellation);
        await Journal.GoOnAsync(web, "r1", 1, Cancellation, answered: "a");
        Assert.Single(await Journal.RequestsAsync("r2", Cancellation));
    }

    [Fact]
    public Task A_request_to_no_run_is_refused() =>
        RefusedAsync(JournalFault.NoSuchRun, () => Journal.SubmitAsync(Request("a", RequestKind.Pause), Cancellation));

    private static RunRequest Request(string id, RequestKind kind) => new(id, "r1", kind, "ann", "", Sample.Start.AddTicks(id[0]));
}
