using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Desk;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>An image was published: each fleet that wants it is refreshed, or its people are told what a run would do.</summary>
internal sealed class ImageDesk(RunDesk runs, PlanTalk plans, Announcer announcer)
{
    public async Task<ChatReply> PublishedAsync(HookSettings hook, string image, string why, Speaker speaker, CancellationToken cancellation)
    {
        var replies = new List<ChatReply>();
        var place = 0;
        foreach (var (fleet, does) in hook.Published!.Fleets.OrderBy(fleet => fleet.Key, StringComparer.Ordinal))
        {
            // The settings of the webhook are the right to do this, and to nothing else.
            var caller = speaker.Caller with { Grants = new Grants([new Grant(Role.Operator, fleet)]) };
            replies.Add(await OneAsync(fleet, does, image, why, caller, $"{speaker.Subject}{++place}", cancellation));
        }

        return ChatReply.Of(replies.Select(reply => reply.Text)) with { Status = replies.Max(reply => reply.Status), Fleet = string.Join(' ', replies.Select(reply => reply.Fleet)), Subject = speaker.Subject };
    }

    private async Task<ChatReply> OneAsync(string fleet, OnImage does, string image, string why, Caller caller, string subject, CancellationToken cancellation)
    {
        try
        {
            return await (does == OnImage.Start ? StartAsync(fleet, image, why, caller, subject, cancellation) : ProposeAsync(fleet, image, why, caller, subject, cancellation));
        }
        catch (Exception refused) when (refused is Problem or AdapterException)
        {
            var text = $"{image} was published, and fleet {fleet} was not refreshed: {refused.Message}";
            await announcer.TellAsync(new Notice(subject, NoticeKind.ImageRefused, NoticeLevel.Error, fleet, text, caller.Person), cancellation);
            return new ChatReply(text) { Fleet = fleet, Status = refused is Problem problem ? problem.Code.Status : ProblemCode.AdapterFailed.Status };
        }
    }

    private async Task<ChatReply> StartAsync(string fleet, string image, string why, Caller caller, string subject, CancellationToken cancellation)
    {
        var answer = await runs.StartAsync(new StartBody(fleet, image, why, IfBusy.Queue), caller, subject, cancellation);
        var started = (StartedDocument)answer.Body;
        return new ChatReply($"Fleet {fleet}: {started.Outcome}{(answer.Subject is { } made ? $" ({made})" : string.Empty)}") { Status = answer.Status, Fleet = fleet, Subject = answer.Subject };
    }

    private async Task<ChatReply> ProposeAsync(string fleet, string image, string why, Caller caller, string subject, CancellationToken cancellation)
    {
        var planned = await plans.MakeAsync(caller, fleet, image, cancellation);
        if (planned.Plan.Rebuilds() == 0)
            return new ChatReply($"Fleet {fleet}: nothing-to-do") { Fleet = fleet };
        var text = string.Join('\n', [$"{image} was published ({why}).", .. PlanTalk.Lines(planned, outsideWindows: false), .. PlanTalk.Obstacles(planned), $"To start it: refresh {fleet} {image}"]);
        await announcer.TellAsync(new Notice(subject, NoticeKind.ImageProposed, NoticeLevel.Warn, fleet, text, caller.Person) { Image = image }, cancellation);
        return new ChatReply($"Fleet {fleet}: proposed") { Status = 202, Fleet = fleet };
    }
}
