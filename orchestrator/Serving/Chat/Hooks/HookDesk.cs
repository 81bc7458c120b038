using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Chat.Desk;
using Refresh.Orchestrator.Serving.Chat.Grammar;
using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>Carries out what a delivery asks, as whoever asked it, and keeps a record of it. Whatever goes wrong becomes an answer.</summary>
internal sealed partial class HookDesk(ServeSettings settings, ChatDesk chat, ImageDesk images, ActStore acts, Redaction redaction, TimeProvider clock, ILogger<HookDesk> logger)
{
    /// <summary>Carries out.</summary>
    /// <param name="hook">The webhook.</param>
    /// <param name="task">What is asked.</param>
    /// <param name="subject">The id that was settled for what is made.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ChatReply> DoAsync(HookSettings hook, HookTask task, string subject, CancellationToken cancellation)
    {
        var speaker = Speaker(hook, task, subject);
        var (reply, command) = speaker is null ? (Stranger(task.Account!), null) : await TryAsync(hook, task, speaker, cancellation);
        reply = reply with { Text = redaction.Clean(reply.Text) };
        // That another try failed as the one before is no other act.
        if (speaker is null || !(IsQuestion(task) || (task.Left is not null && reply.Left.Count > 0)))
            await RecordAsync(hook, task, command, speaker, reply, cancellation);
        return reply;
    }

    private static bool IsQuestion(HookTask task) =>
        task is { Code: null, Image: null } && ChatGrammar.Parse(task.Text) is (HelpCommand or StatusCommand or WhyCommand or AnswerCommand or Misread);

    private async Task<(ChatReply Reply, ChatCommand? Command)> TryAsync(HookSettings hook, HookTask task, Speaker speaker, CancellationToken cancellation)
    {
        ChatCommand? command = null;
        try
        {
            if (task.Image is not null)
                return (await images.PublishedAsync(hook, task, speaker, cancellation), null);
            if (task is { Code: null, Button: true })
                return (new ChatReply("Nothing was done."), null);
            command = task.Code is { } code ? await chat.ConfirmedAsync(code, speaker, cancellation) : ChatGrammar.Parse(task.Text);
            return (await chat.DoAsync(command, task.Code is null ? speaker : speaker with { Confirms = false }, cancellation), command);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            var failed = Failed(hook, failure);
            return (task.Image is not null && failed.Status >= 500 ? failed with { Left = task.Left ?? [.. hook.Published!.Fleets.Keys] } : failed, command);
        }
    }

    private ChatReply Failed(HookSettings hook, Exception failure)
    {
        if (failure is not (Problem or AdapterException or JournalException))
            LogDefect(failure, hook.Name);
        return failure switch
        {
            Problem problem => new ChatReply(problem.Message) { Status = problem.Code.Status, ProblemCode = problem.Code.Code, Subject = problem.Run },
            AdapterException adapter => new ChatReply(adapter.Reason.ToString()) { Status = ProblemCode.AdapterFailed.Status, ProblemCode = ProblemCode.AdapterFailed.Code },
            JournalException fault => new ChatReply(fault.Message) { Status = ProblemCode.JournalUnavailable.Status, ProblemCode = ProblemCode.JournalUnavailable.Code },
            _ => new ChatReply("A defect of Refresh ended this; its log has it.") { Status = ProblemCode.Defect.Status, ProblemCode = ProblemCode.Defect.Code },
        };
    }

    // A person is who the API knows them as, so that four eyes are four eyes on whatever face. No token can have a machine's name: it has a space.
    private Speaker? Speaker(HookSettings hook, HookTask task, string subject)
    {
        if (task.Account is not { } account)
            return new Speaker(new Caller($"webhook {hook.Name}", $"webhook {hook.Name}", hook.Grants, $"webhook {hook.Name}"), hook.Name, subject, Confirms: false);
        return settings.Chat.Find(account) is (var person, var grants)
            ? new Speaker(new Caller(person, $"webhook {hook.Name}", grants, account.ToString()), account.ToString(), subject, Confirms: true)
            : null;
    }

    private static ChatReply Stranger(Account account) => new($"Sorry, I do not know you here, so I did nothing. Somebody who runs Refresh can add you: people.NAME.accounts with {account}.")
    {
        Status = ProblemCode.RoleMissing.Status,
        ProblemCode = ProblemCode.RoleMissing.Code,
    };

    private async Task RecordAsync(HookSettings hook, HookTask task, ChatCommand? command, Speaker? speaker, ChatReply reply, CancellationToken cancellation)
    {
        if (speaker is null)
            LogDenied(hook.Name, task.Account!.ToString());
        // Of a confirmation the code is no news; what it confirmed is.
        var said = task.Code is not null && command is not null ? $"confirm {command.Text}" : task.Text;
        var why = task.Why ?? command switch { RefreshCommand refresh => refresh.Why, AskCommand ask => ask.Why, _ => null } ?? string.Empty;
        var act = new StoredAct(
            clock.GetUtcNow(), speaker?.Caller.Person, $"webhook {hook.Name}", task.Account?.ToString() ?? $"webhook {hook.Name}", redaction.Clean(Problem.Shown(said, ChatGrammar.Longest)),
            reply.Fleet ?? speaker?.Caller.About, reply.Subject, redaction.Clean(why), reply.Status, reply.ProblemCode);
        try
        {
            await acts.AddAsync(act, cancellation);
        }
        catch (JournalException fault)
        {
            LogNotRecorded(hook.Name, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "A defect ended what came by webhook {Hook}")]
    private partial void LogDefect(Exception defect, string hook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Hook} was denied to the unknown account {Account}")]
    private partial void LogDenied(string hook, string account);

    [LoggerMessage(Level = LogLevel.Error, Message = "What came by webhook {Hook} could not be recorded: {Why}")]
    private partial void LogNotRecorded(string hook, string why);
}
