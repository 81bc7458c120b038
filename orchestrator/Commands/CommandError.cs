using System.Text.Json;
using System.Text.Json.Serialization;
using Refresh.Lab;
using Refresh.Orchestrator.FleetFiles;
using Refresh.Orchestrator.Remote;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands;

/// <summary>Why a command failed: lines for people, or with <c>--json</c> one object, every field always there.</summary>
/// <param name="Error">A stable name for programs, in kebab case.</param>
/// <param name="Exit">The name of the exit code.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Message">What happened, and what was left in which state.</param>
/// <param name="Where">The file, the run or the address that it is about; null where the message says it.</param>
/// <param name="Next">What to do next; null where there is nothing to be done.</param>
/// <param name="Mistakes">Every mistake of a fleet file.</param>
/// <param name="Reasons">All that stands in the way.</param>
internal sealed record CommandError(
    string Error,
    string Exit,
    int ExitCode,
    string Message,
    string? Where,
    string? Next,
    IReadOnlyList<FleetFileMistake> Mistakes,
    IReadOnlyList<Reason> Reasons)
{
    /// <summary>Reasons by which a file of the user's is not valid.</summary>
    private static readonly string[] s_invalid = ["packages-unreadable", "images-not-compared"];

    /// <summary>The same for people.</summary>
    [JsonIgnore]
    public IEnumerable<string> Lines =>
    [
        .. Mistakes.Select(mistake => mistake.In(Where ?? string.Empty)),
        Message,
        .. Reasons.Select(reason => $"  {Sentence(reason.Text)} To go on: {Sentence(reason.EndsWhen)}"),
        .. Next is null ? [] : new[] { char.IsLower(Next[0]) ? $"To go on: {Next}" : Next },
    ];

    public static CommandError Of(int exitCode, string code, string message, string? next = null) =>
        new(code, ExitCodes.NameOf(exitCode), exitCode, message, null, next, [], []);

    public static CommandError Of(Reason reason) =>
        Of(s_invalid.Contains(reason.Code, StringComparer.Ordinal) ? ExitCodes.Invalid : ExitCodes.Refused, reason.Code, Sentence(reason.Text), Sentence(reason.EndsWhen));

    /// <summary>What a worker elsewhere refused, told as it is told here.</summary>
    public static CommandError Of(RemoteFailure failure) => failure.Reason is { } reason
        ? Of(reason)
        : Of(failure.Status == 0 ? ExitCodes.Unreachable : failure.Code == "journal-unavailable" ? ExitCodes.Journal : ExitCodes.Refused, failure.Code, failure.Message);

    public static CommandError Of(LabException failure) =>
        Of(ExitCodes.Refused, failure.Code, Sentence(failure.Text), Sentence(failure.Next));

    public static CommandError Of(JournalException fault) =>
        Of(ExitCodeOf(fault.Fault), "journal-" + JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Fault.ToString()), fault.Message);

    private static int ExitCodeOf(JournalFault fault) =>
        fault is JournalFault.Damaged or JournalFault.Unavailable or JournalFault.Conflict ? ExitCodes.Journal
        : fault is JournalFault.LeaseLost ? ExitCodes.Unfinished
        : ExitCodes.Refused;

    private static string Sentence(string text) => text.TrimEnd('.') + ".";
}
