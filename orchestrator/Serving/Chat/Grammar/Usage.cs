namespace Refresh.Orchestrator.Serving.Chat.Grammar;

/// <summary>How each command is written; the table in docs/chatops.md is held equal to this one.</summary>
/// <param name="Word">Its first word.</param>
/// <param name="Form">The whole of it.</param>
/// <param name="Meaning">What it does.</param>
internal sealed record Usage(string Word, string Form, string Meaning)
{
    public static IReadOnlyList<Usage> All { get; } =
    [
        new("status", "status [FLEET]", "how your fleets stand, or one of them in detail"),
        new("plan", "plan FLEET [IMAGE]", "what a run would do; changes nothing"),
        new("refresh", "refresh FLEET [IMAGE] [at window | outside windows] [queued] [because TEXT]", "start a run, after a confirmation"),
        new("approve", "approve RUN [because TEXT]", "let a run begin that waits for approval"),
        new("pause", "pause [RUN | FLEET] [because TEXT]", "begin no further member; what is away comes back"),
        new("resume", "resume [RUN | FLEET] [because TEXT]", "go on after a pause"),
        new("cancel", "cancel [RUN | FLEET] [because TEXT]", "end a run, after a confirmation; what is away comes back first"),
        new("rollback", "rollback [RUN | FLEET] [because TEXT]", "take back what a run touched, after a confirmation"),
        new("why", "why PAIR", "why a pair waits, or why it was left as it is"),
        new("confirm", "confirm CODE", "do what was announced with this code"),
        new("answer", "answer", "the answer to what you asked last, where it came too late for the chat"),
        new("help", "help [COMMAND]", "this list"),
    ];

    public static Usage? Find(string word) => All.FirstOrDefault(usage => usage.Word == word);
}
