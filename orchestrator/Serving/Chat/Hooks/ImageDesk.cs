using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Images;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Desk;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Notices;
using Refresh.Orchestrator.Serving.Triggers;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>An image was published: each fleet that wants it is refreshed, or its people are told what a run would do.</summary>
internal sealed class ImageDesk(RunDesk runs, RunsWorker worker, ImageOrders orders, PlanTalk plans, Announcer announcer, TimeProvider clock)
{
    /// <summary>Has each fleet do what its webhook says; those that something passing kept from it are named in the reply.</summary>
    public async Task<ChatReply> PublishedAsync(HookSettings hook, HookTask task, Speaker speaker, CancellationToken cancellation)
    {
        var replies = new List<ChatReply>();
        var place = 0;
        foreach (var (fleet, does) in hook.Published!.Fleets.OrderBy(fleet => fleet.Key, StringComparer.Ordinal))
        {
            var subject = $"{speaker.Subject}{++place}";
            if (task.Left is { } left && !left.Contains(fleet, StringComparer.Ordinal))
                continue;
            // The settings of the webhook are the right to do this, and to nothing else.
            var caller = speaker.Caller with { Grants = new Grants([new Grant(Role.Operator, fleet)]) };
            replies.Add(await OneAsync(fleet, does, task.Image!, task.Why ?? string.Empty, caller, subject, cancellation));
        }

        return Together(replies);
    }

    /// <summary>Tells that an image is tried no longer.</summary>
    public async Task GiveUpAsync(HookTask task, string subject, string why, CancellationToken cancellation)
    {
        foreach (var fleet in task.Left ?? [])
            await announcer.TellAsync(new Notice($"{subject}-{fleet}", NoticeKind.ImageRefused, NoticeLevel.Error, fleet, $"{why} It is not tried again; publish it anew, or start a run: refresh {fleet} {task.Image}", string.Empty), cancellation);
    }

    private static ChatReply Together(IReadOnlyList<ChatReply> replies)
    {
        if (replies.Count == 0)
            return new ChatReply("No fleet wants this image any more.");
        var worst = replies.MaxBy(reply => reply.Status)!;
        return ChatReply.Of(replies.Select(reply => reply.Text)) with
        {
            Status = worst.Status,
            ProblemCode = worst.ProblemCode,
            Fleet = string.Join(' ', replies.Select(reply => reply.Fleet)),
            Subject = string.Join(' ', replies.Select(reply => reply.Subject).OfType<string>()) is { Length: > 0 } subjects ? subjects : null,
            Left = [.. replies.SelectMany(reply => reply.Left)],
        };
    }

    private async Task<ChatReply> OneAsync(string fleet, OnImage does, string image, string why, Caller caller, string subject, CancellationToken cancellation)
    {
        try
        {
            RequireOwn(fleet, image);
            return await (does == OnImage.Start ? StartAsync(fleet, image, why, caller, subject, cancellation) : ProposeAsync(fleet, image, why, caller, subject, cancellation));
        }
        catch (Exception refused) when (refused is Problem or AdapterException)
        {
            var code = (refused as Problem)?.Code ?? ProblemCode.AdapterFailed;
            var passing = code.Status >= 500;
            var text = $"{image} was published, and fleet {fleet} was not refreshed: {refused.Message}";
            await announcer.TellAsync(new Notice(subject, NoticeKind.ImageRefused, NoticeLevel.Error, fleet, passing ? $"{text} It is tried again every 10 minutes for a day." : text, caller.Person), cancellation);
            return new ChatReply(text) { Fleet = fleet, Status = code.Status, ProblemCode = code.Code, Subject = (refused as Problem)?.Run, Left = passing ? [fleet] : [] };
        }
    }

    // A signature proves who publishes, and not what a fleet is made of.
    private void RequireOwn(string fleet, string image)
    {
        var own = worker.Desk(fleet).Definition.Image.Name;
        if (ImageChoice.Parse(image)?.Name != own)
            throw Problem.Of(ProblemCode.RequestRefused, $"{Problem.Shown(image)} is no image of this fleet, whose file says {own}.");
    }

    private async Task<ChatReply> StartAsync(string fleet, string image, string why, Caller caller, string subject, CancellationToken cancellation)
    {
        if (await orders.LatestAsync(fleet, cancellation) is { } latest && await OrderAsync(worker.Desk(fleet).Definition, latest, image, why, caller, subject, cancellation) is { } ordered)
            return ordered;
        var answer = await runs.StartAsync(new StartBody(fleet, image, why, IfBusy.Queue), caller, subject, cancellation);
        var started = (StartedDocument)answer.Body;
        return new ChatReply($"Fleet {fleet}: {started.Outcome}{(answer.Subject is { } made ? $" ({made})" : string.Empty)}") { Status = answer.Status, Fleet = fleet, Subject = answer.Subject };
    }

    // While the fleet has a run, triggers.superseding decides, and not before the gates let the image pass: nothing is cancelled for one that cannot be used.
    private async Task<ChatReply?> OrderAsync(FleetDefinition definition, SeenRun latest, string image, string why, Caller caller, string subject, CancellationToken cancellation)
    {
        var fleet = definition.Fleet.Name;
        var catalogue = new DirectoryImageCatalog(definition.Images);
        var choice = ImageChoice.Parse(image)!;
        var golden = await catalogue.FindAsync(choice.Name, choice.Version, cancellation);
        var step = latest.Run == subject ? null : ImageRule.Publish(golden, definition.Triggers.Superseding, latest);
        if (step is ImageStep.Note note)
            throw Problem.Of(ProblemCode.RequestRefused, $"{note.Why}.", latest.Run);
        if (step is not ImageStep.Start { WaitsFor: not null } start)
            return null;
        var (report, _) = await ImageTrust.JudgeAsync(golden.Ref, await ImageTrust.PoliciesAsync(definition.Images, cancellation), [], catalogue, clock.GetUtcNow(), cancellation);
        if (report.Refusals.ToList() is { Count: > 0 } refusals)
            throw Problem.Of(ProblemCode.PlanObstacles, string.Join("; ", refusals.Select(refusal => refusal.Text)), null, refusals);
        var (order, _) = await orders.PlaceAsync(fleet, start, new ImageAsk(caller.Person, why) { From = caller.Origin, Id = subject }, cancellation);
        worker.Nudge();
        return new ChatReply($"Fleet {fleet}: queued ({order}){(start.Replaces is { } old ? $"; run {old.Run} is cancelled for it" : $"; it waits for run {latest.Run}")}") { Status = 202, Fleet = fleet, Subject = order };
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
