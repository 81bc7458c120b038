using System.Collections.Concurrent;
using System.Text.Json;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>What the calls of a run are, in the words of its steps: <c>a/drain/intent</c>, <c>a/drain/act</c>, <c>a/drain/outcome</c>, <c>run/planned</c>.</summary>
internal sealed class StepNames
{
    private static readonly string[] s_acts = ["DrainAsync", "HoldAsync", "RejoinAsync", "PreviewAsync", "RebuildAsync", "RecoverAsync", "PowerOffAsync"];
    private readonly ConcurrentDictionary<string, string> _intents = new(StringComparer.Ordinal);

    /// <summary>The names of a call; none when nothing is done or written by it.</summary>
    public IReadOnlyList<string> Of(string method, object?[] arguments)
    {
        if (arguments.OfType<IReadOnlyList<JournalEntry>>().FirstOrDefault() is { } entries)
            return [.. entries.Select(entry => Of(entry.Event)).OfType<string>()];
        if (method == nameof(IRunJournal.AcquireAsync))
            return ["run/lease"];
        return s_acts.Contains(method) && arguments[0] is Member member ? [$"{member.Id.Name}/{Word(method[..^"Async".Length])}/act"] : [];
    }

    private string? Of(RunEvent happened) => happened switch
    {
        RunPlanned => "run/planned",
        TakenOver => "run/taken-over",
        RunMoved moved => "run/" + Word(moved.To.ToString()),
        IntentRecorded recorded => (_intents[recorded.Intent.Id] = $"{recorded.Intent.Member.Name}/{Word(recorded.Intent.GetType().Name)}") + "/intent",
        OutcomeRecorded recorded => _intents.GetValueOrDefault(recorded.Intent, "earlier") + "/outcome",
        _ => null,
    };

    private static string Word(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
