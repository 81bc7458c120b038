using System.Text.Json.Serialization;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Refresh.Workflows.Trust;

namespace Refresh.Workflows.Evidence;

/// <summary>What a run did, to whom and with what proof: a projection of its journal and of nothing else (promise 8).</summary>
public sealed record RunReport
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The fleet's name.</summary>
    public required string Fleet { get; init; }

    /// <summary>The image that it went to.</summary>
    public required GoldenImage Image { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>The reason that was given; may be empty.</summary>
    public required string Why { get; init; }

    /// <summary>The fleet file it came from.</summary>
    public required string Source { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Why it stands there, where there is more to say.</summary>
    public Reason? Reason { get; init; }

    /// <summary>Why no further member was begun; null if any could be.</summary>
    public Reason? Halted { get; init; }

    /// <summary>What was read of the image and what the gates said before anything was done; null in a journal from before there were gates.</summary>
    public GateReport? Gates { get; init; }

    /// <summary>Who revoked the image while the run went on; null if nobody did.</summary>
    public ImageRevocation? Revoked { get; init; }

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>When it began to run; null if it never did.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The times in which it was under way, neither waiting for approval nor ended; a rollback that is asked for later is one of its own.</summary>
    public required IReadOnlyList<Stretch> Stretches { get; init; }

    /// <summary>The instant of the journal's last entry: all that the report says is as of then.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Its waves, in order.</summary>
    public required IReadOnlyList<WaveReport> Waves { get; init; }

    /// <summary>All its pairs: wave by wave, then those that the plan skipped.</summary>
    public required IReadOnlyList<PairReport> Pairs { get; init; }

    /// <summary>What was asked of it, and by whom, in order.</summary>
    public required IReadOnlyList<RequestReport> Requests { get; init; }

    /// <summary>The workers that took it over, in order.</summary>
    public required IReadOnlyList<TakeOverReport> TakeOvers { get; init; }

    /// <summary>How many members there were to carry the load.</summary>
    public required Availability Availability { get; init; }

    /// <summary>How long it took, and how long it had to take.</summary>
    public required Pace Pace { get; init; }

    /// <summary>The entries that the report was made from.</summary>
    [JsonIgnore]
    public IReadOnlyList<JournalEntry> Journal { get; init; } = [];

    /// <summary>All members, pair by pair.</summary>
    public IEnumerable<MemberReport> Members() => Pairs.SelectMany(pair => pair.Members);

    /// <summary>Makes the report of a run.</summary>
    /// <param name="entries">Its journal, in order; of a run that goes on, as much as there is.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">There are no entries, or the first is not <see cref="RunPlanned"/>.</exception>
    public static RunReport From(IReadOnlyList<JournalEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries is not [{ Event: RunPlanned planned } first, ..])
            throw new ArgumentException("A journal begins with the plan of its run; this one does not.", nameof(entries));
        var fold = new ReportFold(planned, first.At);
        foreach (var entry in entries.Skip(1))
            fold.Apply(entry);
        return fold.Report(entries);
    }
}

/// <summary>A time in which a run was under way.</summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; null while it goes on.</param>
public sealed record Stretch(DateTimeOffset From, DateTimeOffset? To);

/// <summary>A wave of a run.</summary>
/// <param name="Wave">Its place, from 0.</param>
/// <param name="Canary">It was the canaries'.</param>
/// <param name="Pairs">Its pairs, in order.</param>
/// <param name="Begun">When it began; null if it never did.</param>
/// <param name="Ended">When the last of its pairs had come to an end; null while one has not.</param>
public sealed record WaveReport(int Wave, bool Canary, IReadOnlyList<string> Pairs, DateTimeOffset? Begun, DateTimeOffset? Ended);

/// <summary>A request to a run.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Kind">What was asked.</param>
/// <param name="By">Who asked.</param>
/// <param name="Why">The reason that was given; may be empty.</param>
/// <param name="Refusal">Why it was turned down; null when it was taken up.</param>
public sealed record RequestReport(DateTimeOffset At, RequestKind Kind, string By, string Why, Reason? Refusal);

/// <summary>A worker took a run over.</summary>
/// <param name="At">When.</param>
/// <param name="Worker">The worker.</param>
/// <param name="Epoch">Its fencing token.</param>
public sealed record TakeOverReport(DateTimeOffset At, string Worker, long Epoch);
