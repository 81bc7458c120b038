using System.Globalization;
using System.Text;
using Refresh.Simulation.Time;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Simulation.Proof;

/// <summary>All that happened: what the world did, what went wrong, and what the journal took, in order.</summary>
internal sealed class Timeline(Scheduler scheduler)
{
    private readonly List<(TimeSpan At, object What)> _lines = [];

    /// <summary>It keeps nothing: for fleets that are too large to be read.</summary>
    public bool Silent { get; set; }

    public void World(string what) => Add(what);

    public void Fault(string what) => Add(new Trouble(what));

    public void Entry(JournalEntry entry) => Add(entry.Event);

    private void Add(object what)
    {
        if (!Silent)
            _lines.Add((scheduler.Now, what));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (at, what) in _lines)
            text.Append(CultureInfo.InvariantCulture, $"{at:h\\:mm\\:ss\\.fff}  {Line(what)}\n");
        return text.ToString();
    }

    private static string Line(object what) => what switch
    {
        Trouble trouble => $"  ! {trouble.What}",
        string world => $"  ~ {world}",
        RunMoved moved => $"RUN {moved.From} -> {moved.To} ({moved.Trigger}) {moved.Why?.Text}",
        PairMoved moved => $"PAIR {moved.Pair} {moved.From} -> {moved.To} ({moved.Trigger}) {moved.Why?.Text}",
        MemberMoved moved => $"{moved.Member} {moved.From} -> {moved.To} ({moved.Trigger}) {moved.Why?.Text}",
        MemberWaits waits => $"{waits.Member} waits: {string.Join("; ", waits.Why.Select(why => why.Text))}",
        IntentRecorded recorded => $"{recorded.Intent.Id} + {recorded.Intent.GetType().Name}",
        IntentWithdrawn withdrawn => $"{withdrawn.Intent} withdrawn: {withdrawn.Why}",
        OutcomeRecorded { Outcome: Failed failed } recorded => $"{recorded.Intent} = Failed: {failed.Reason.Text}",
        OutcomeRecorded { Outcome: Recovered recovered } recorded => $"{recorded.Intent} = {recovered.Recovery.Fate}",
        OutcomeRecorded { Outcome: Watched watched } recorded => $"{recorded.Intent} = Watched: {string.Join("; ", watched.Bad.Select(why => why.Text))}",
        OutcomeRecorded recorded => $"{recorded.Intent} = {recorded.Outcome.GetType().Name}",
        RequestAnswered answered => $"REQUEST {answered.Request.Id} {answered.Request.Kind}: {answered.Refusal?.Text ?? "taken up"}",
        RunHalted halted => $"RUN halted: {halted.Why.Text}",
        _ => what.GetType().Name,
    };

    private sealed record Trouble(string What);
}
