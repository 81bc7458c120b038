using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Operations;

/// <summary>
/// Traces and logs runs: one trace a run, whose id comes from the run's id so that it outlives a restart. It begins with a span
/// that ends at once, so that what is below it is seen while the run goes on: a span for each step of a member, and at the end
/// one for the whole run. After a restart comes another such beginning. And a log line for each journal entry, with run, pair and member.
/// </summary>
internal sealed partial class StepWatch(RunMetrics metrics, Redaction redaction, ILogger<StepWatch> logger) : IRunWatcher, IDisposable
{
    /// <summary>The name of the source of activities.</summary>
    public const string SourceName = "Refresh";

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentDictionary<string, ActivityContext> _heads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Dictionary<MemberId, (MemberState State, DateTimeOffset Since)>> _steps = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        var steps = _steps.GetOrAdd(run.Id, _ => []);
        foreach (var entry in entries)
        {
            Log(run, entry);
            if (entry.Event is RunPlanned)
                Begin(run, "begins", entry.At, ("refresh.by", run.By));
            else if (entry.Event is TakenOver taken)
                Begin(run, "is taken up", entry.At, ("refresh.worker", taken.Worker));
            else if (entry.Event is MemberMoved moved)
                Step(run, steps, moved, entry.At);
            else if (entry.Event is RunMoved ended && RunMachine.IsFinal(ended.To))
                End(run, entry.At);
        }
    }

    // A step that was under way when its worker was lost began when the journal says.
    /// <inheritdoc />
    public void TakenUp(Run run, IReadOnlyList<JournalEntry> entries) =>
        _steps[run.Id] = run.Pairs.Values.SelectMany(pair => pair.Members).Where(member => member.Active).ToDictionary(member => member.Id, member => (member.State, member.Since));

    /// <inheritdoc />
    public void Progressed(MemberId member, string text)
    {
        // Too many to log; what they lead to is an entry of the journal.
    }

    public void Dispose() => _source.Dispose();

    private void Begin(Run run, string what, DateTimeOffset at, (string Name, string? Value) tag)
    {
        _heads.TryRemove(run.Id, out _);
        if (Span(run, $"run {run.Id} {what}", at, at, false, tag) is { } head)
            _heads[run.Id] = head;
    }

    private void Step(Run run, Dictionary<MemberId, (MemberState State, DateTimeOffset Since)> steps, MemberMoved moved, DateTimeOffset at)
    {
        if (steps.Remove(moved.Member, out var left))
        {
            metrics.Left(run.Fleet.Name, left.State, at - left.Since);
            Span(run, left.State.ToString(), left.Since, at, moved.To == MemberState.Failed, ("refresh.pair", moved.Member.Pair), ("refresh.member", moved.Member.ToString()), ("refresh.why", moved.Why?.Text));
        }

        if (moved.To is not (MemberState.Refreshed or MemberState.Reverted or MemberState.Failed or MemberState.Current or MemberState.Left))
            steps[moved.Member] = (moved.To, at);
    }

    private void End(Run run, DateTimeOffset at)
    {
        _steps.TryRemove(run.Id, out _);
        Span(run, $"run {run.Id}", run.StartedAt, at, run.State == RunState.Failed, ("refresh.state", run.State.ToString()), ("refresh.why", run.Why?.Text));
        _heads.TryRemove(run.Id, out _);
    }

    private ActivityContext? Span(Run run, string name, DateTimeOffset from, DateTimeOffset to, bool failed, params ReadOnlySpan<(string Name, string? Value)> tags)
    {
        // A span without a parent would take the request that is being answered for one.
        var answered = Activity.Current;
        Activity.Current = null;
        var context = Write(run, name, from, to, failed, tags);
        Activity.Current = answered;
        return context;
    }

    private ActivityContext? Write(Run run, string name, DateTimeOffset from, DateTimeOffset to, bool failed, ReadOnlySpan<(string Name, string? Value)> tags)
    {
        using var span = _source.StartActivity(name, ActivityKind.Internal, _heads.GetValueOrDefault(run.Id, Trace(run.Id)), startTime: from);
        if (span is null)
            return null;
        span.SetTag("refresh.run", run.Id).SetTag("refresh.fleet", run.Fleet.Name).SetTag("refresh.image", run.Image.Ref.Label);
        foreach (var (tag, value) in tags)
            span.SetTag(tag, value is null ? null : redaction.Clean(value));
        if (failed)
            span.SetStatus(ActivityStatusCode.Error);
        span.SetEndTime(to.UtcDateTime);
        return span.Context;
    }

    /// <summary>The trace of a run: the same one in every process.</summary>
    public static ActivityContext Trace(string run)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"refresh run {run}"));
        return new ActivityContext(ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), default, ActivityTraceFlags.Recorded, isRemote: true);
    }

    private void Log(Run run, JournalEntry entry)
    {
        var told = EntryText.Of(entry.Event);
        var member = MemberOf(entry.Event);
        using var scope = member is null ? null : logger.BeginScope(new Dictionary<string, object> { ["Pair"] = member.Value.Pair, ["Member"] = member.Value.ToString() });
        LogEntry(run.Fleet.Name, run.Id, told.Kind, told.About, told.Text);
    }

    private static MemberId? MemberOf(RunEvent happened) => happened switch
    {
        MemberMoved moved => moved.Member,
        MemberWaits waits => waits.Member,
        IntentRecorded recorded => recorded.Intent.Member,
        OutcomeRecorded outcome => OfIntent(outcome.Intent),
        IntentWithdrawn withdrawn => OfIntent(withdrawn.Intent),
        _ => null,
    };

    private static MemberId OfIntent(string intent) => MemberId.Parse(intent[..intent.LastIndexOf('#')]);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Fleet} {Run} {Kind} {About}: {Text}")]
    private partial void LogEntry(string fleet, string run, string kind, string about, string text);
}
