using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>An entry of a journal in one line: what the timelines of both simulations are made of.</summary>
internal static class EventLine
{
    public static string Of(RunEvent happened) => happened switch
    {
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
        _ => happened.GetType().Name,
    };
}
