using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Grammar;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Words;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Chat.Desk;

/// <summary>Carries out commands, through the same services as the API. What is dangerous is announced first, and done when its code comes back.</summary>
internal sealed class ChatDesk(RunDesk runs, RunTargets targets, StatusTalk status, PlanTalk plans, WhyTalk whys, LateReplies late, ConfirmationStore confirmations, ServeSettings settings, TimeProvider clock)
{
    /// <summary>Carries out a command.</summary>
    /// <exception cref="Problem">It may not be done, or cannot.</exception>
    public async Task<ChatReply> DoAsync(ChatCommand command, Speaker speaker, CancellationToken cancellation) => command switch
    {
        HelpCommand help => Help(help.About),
        StatusCommand about => await status.SayAsync(speaker.Caller, about.Fleet, cancellation),
        PlanCommand plan => await plans.SayAsync(speaker.Caller, plan.Fleet, plan.Image, cancellation),
        AnswerCommand => late.Take(speaker.Account) ?? new ChatReply("There is no answer for you that came late, or not yet. Commands that are under way go on."),
        WhyCommand why => await whys.SayAsync(speaker.Caller, why.Pair, cancellation),
        RefreshCommand refresh when speaker.Confirms => await AnnounceAsync(refresh, speaker, cancellation),
        RefreshCommand refresh => await StartAsync(refresh, speaker, cancellation),
        AskCommand ask => await AskAsync(ask, speaker, cancellation),
        Misread wrong => throw Problem.Of(ProblemCode.InvalidRequest, wrong.What),
        _ => throw Problem.Of(ProblemCode.InvalidRequest, "There is nothing to confirm."),
    };

    /// <summary>What was announced with a code, which is used by this.</summary>
    public async Task<ChatCommand> ConfirmedAsync(string hash, Speaker speaker, CancellationToken cancellation) =>
        ChatGrammar.Parse(await confirmations.UseAsync(hash, speaker.Account, speaker.Subject, clock.GetUtcNow(), cancellation)
            ?? throw Problem.Of(ProblemCode.InvalidRequest, "This code was not given to you, was used already or has ended. Nothing was done; say the command again."));

    private static ChatReply Help(string? about) => about is not null && Usage.Find(about) is { } one
        ? ChatReply.Of($"{one.Form}: {one.Meaning}")
        : ChatReply.Of(Usage.All.Select(usage => $"{usage.Form}: {usage.Meaning}"));

    private async Task<ChatReply> AnnounceAsync(RefreshCommand command, Speaker speaker, CancellationToken cancellation)
    {
        var planned = await plans.MakeAsync(speaker.Caller, command.Fleet, command.Image, cancellation);
        var lines = PlanTalk.Lines(planned, command.When == When.OutsideWindows);
        if (planned.Obstacles.Count > 0)
            return ChatReply.Of([.. lines, .. PlanTalk.Obstacles(planned), "Nothing was begun."]) with { Status = 409, ProblemCode = Api.ProblemCode.PlanObstacles.Code, Fleet = command.Fleet };
        if (planned.Plan.Rebuilds() == 0)
            return ChatReply.Of(lines) with { Fleet = command.Fleet };
        RequireWindows(command, planned.Windows is not null);
        if (!command.Queued && await targets.UnfinishedAsync(command.Fleet, cancellation) is { } other)
            throw Busy(command.Fleet, other.Run);
        // The image is settled now: what is confirmed is what was announced.
        var exact = command with { Image = planned.Image.Ref.Label };
        return await AnnounceAsync(ChatGrammar.Parse(exact.Text) == exact ? exact : command, lines, $"Refresh {command.Fleet}", speaker, cancellation) with { Fleet = command.Fleet };
    }

    private async Task<ChatReply> StartAsync(RefreshCommand command, Speaker speaker, CancellationToken cancellation)
    {
        var desk = targets.Fleet(speaker.Caller, command.Fleet);
        RequireWindows(command, desk.Definition.Windows is not null);
        var answer = await StartAsync(command, speaker, command.Queued ? IfBusy.Queue : IfBusy.Refuse, cancellation);
        var document = (StartedDocument)answer.Body;
        return new ChatReply(document.Outcome switch
        {
            "begun" => $"{speaker.Caller.Person} started run {document.Run} of fleet {document.Fleet} to {document.Image}.{(desk.Definition.Fleet.Policy.ApprovalRequired ? $" It waits for approval: approve {document.Run}" : string.Empty)}",
            "queued" => $"{speaker.Caller.Person} queued a run of fleet {document.Fleet} behind run {document.WaitsFor}; it begins when the fleet is free.",
            _ => $"Fleet {document.Fleet} needs nothing: every member runs the image.",
        })
        { Public = true, Status = answer.Status, Fleet = answer.Fleet, Subject = answer.Subject };
    }

    private async Task<Answer> StartAsync(RefreshCommand command, Speaker speaker, IfBusy busy, CancellationToken cancellation)
    {
        try
        {
            return await runs.StartAsync(new StartBody(command.Fleet, command.Image, command.Why, busy, command.When == When.OutsideWindows), speaker.Caller, speaker.Subject, cancellation);
        }
        catch (Problem problem) when (problem.Code == ProblemCode.FleetHasRun)
        {
            throw Busy(command.Fleet, problem.Run!);
        }
    }

    private async Task<ChatReply> AskAsync(AskCommand command, Speaker speaker, CancellationToken cancellation)
    {
        var head = await targets.AskedAsync(speaker.Caller, speaker.Subject, cancellation) ?? await targets.RunAsync(speaker.Caller, command.Kind, command.Target, cancellation);
        var permission = PermissionFor(command.Kind);
        speaker.Caller.Require(permission, head.Fleet);
        if (command.Dangerous && speaker.Confirms)
        {
            if (head.Finished && command.Kind == RequestKind.Cancel)
                throw Problem.Of(ProblemCode.RequestRefused, $"Run {head.Run} of fleet {head.Fleet} has ended: {head.State}.", head.Run);
            return await AnnounceAsync(command with { Target = head.Run }, Announcement(command.Kind, head), $"{command.Kind} {head.Fleet}", speaker, cancellation) with { Fleet = head.Fleet, Subject = head.Run };
        }

        var answer = await runs.AskAsync(head.Run, command.Kind, permission, command.Why, speaker.Caller, speaker.Subject, cancellation);
        var asked = (AskedDocument)answer.Body;
        var text = asked.Outcome == "waiting"
            ? $"{speaker.Caller.Person} asked run {asked.Run} of fleet {asked.Fleet} to {command.Kind.Verb()}; its worker has not answered yet."
            : $"{speaker.Caller.Person} asked run {asked.Run} of fleet {asked.Fleet} to {command.Kind.Verb()}, and it does: {asked.State}.";
        return new ChatReply(text) { Public = true, Status = answer.Status, Fleet = asked.Fleet, Subject = asked.Run };
    }

    private async Task<ChatReply> AnnounceAsync(ChatCommand command, IEnumerable<string> lines, string button, Speaker speaker, CancellationToken cancellation)
    {
        var (code, within) = (ChatCode.New(), settings.Chat.ConfirmWithin);
        await confirmations.AddAsync(new StoredConfirmation(ChatCode.Hash(code), speaker.Account, command.Text, clock.GetUtcNow() + within), cancellation);
        return ChatReply.Of([.. lines, $"Nothing was done yet. You can confirm it for {Workflows.Evidence.Durations.InWords(within)}."]) with { Code = code, Button = button };
    }

    private static IEnumerable<string> Announcement(RequestKind kind, RunHead head)
    {
        yield return $"Run {head.Run} of fleet {head.Fleet} to {head.Image} is {head.State}.";
        yield return kind == RequestKind.Cancel
            ? "Cancelled, it begins no further member; every member that is away comes back first. What is done stays done."
            : "Rolled back, every member that it touched is rebuilt from the image recorded for it, one of a pair at a time.";
    }

    private static void RequireWindows(RefreshCommand command, bool has)
    {
        if (command.When != When.AsFleet && !has)
            throw Problem.Of(ProblemCode.InvalidRequest, $"Fleet {command.Fleet} has no patch windows; leave out \"{(command.When == When.AtWindow ? "at window" : "outside windows")}\".");
    }

    private static Problem Busy(string fleet, string run) =>
        Problem.Of(ProblemCode.FleetHasRun, $"Fleet {fleet} has an unfinished run, {run}. Wait until it has ended, cancel it, or add \"queued\".", run);

    private static Permission PermissionFor(RequestKind kind) => kind switch
    {
        RequestKind.Approve => Permission.Approve,
        RequestKind.Resume => Permission.Start,
        RequestKind.Rollback => Permission.Rollback,
        _ => Permission.Stop,
    };
}
