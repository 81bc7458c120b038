using Refresh.Orchestrator.Reports;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Bundles;

/// <summary>What an auditor asks of a run, answered from its entries: who, when, from what to what, was a pair ever down to none.</summary>
internal static class EvidenceAnswers
{
    public static IEnumerable<string> Of(Claims claims, RunReport report)
    {
        yield return $"Run {claims.Run} of fleet {claims.Fleet} to {claims.Image}: {claims.State}{(claims.Reason is { } reason ? $", because {reason.Text}" : string.Empty)}";
        yield return "Who?";
        yield return $"  {claims.By} asked for it{(claims.Why.Length > 0 ? $": {claims.Why}" : string.Empty)}";
        foreach (var request in claims.Requests)
            yield return $"  {request.By} asked to {request.Kind.ToString().ToLowerInvariant()} at {Instants.Full(request.At)}{(request.Why.Length > 0 ? $": {request.Why}" : string.Empty)}{(request.Refusal is { } refusal ? $"; refused: {refusal.Text}" : string.Empty)}";
        foreach (var gate in claims.Gates?.Overridden ?? [])
            yield return $"  {gate.Override!.By} overrode the gate {gate.Gate} at {Instants.Full(gate.Override.At)}: {gate.Override.Why}";
        foreach (var approval in claims.Gates?.Facts.Approvals ?? [])
            yield return $"  {approval.By} approved the image at {Instants.Full(approval.At)}{(approval.Comment.Length > 0 ? $", with a comment, as a release from quarantine needs: {approval.Comment}" : string.Empty)}";
        if (claims.Revoked is { } revoked)
            yield return $"  {revoked.By} revoked the image at {Instants.Full(revoked.At)}, while the run went on: {revoked.Why}";
        foreach (var taken in report.TakeOvers)
            yield return $"  {taken.Worker} took the run over at {Instants.Full(taken.At)}";
        yield return "When?";
        yield return $"  planned {Instants.Full(claims.PlannedAt)}, begun {Instants.Full(claims.BegunAt)}, ended {Instants.Full(claims.EndedAt)}";
        yield return "From what to what?";
        foreach (var member in report.Members())
            yield return $"  {MemberEvidence.Of(member, report.AsOf)}";
        yield return "Was a pair ever down to none?";
        yield return $"  {Conclusion.InRotation(report)}";
        var unwatched = Unwatched.Of(report);
        yield return claims.Alarms.Count == 0
            ? $"  {(unwatched.Count == 0 ? "The" : "While a worker watched, the")} peer of a member that was away was never seen to be bad."
            : $"  {Counted.Of(claims.Alarms.Count, "time", "times")} the peer of a member that was away was seen to be bad:";
        foreach (var alarm in claims.Alarms)
            yield return $"    the peer of {alarm.Away} at {Instants.Full(alarm.At)}{(alarm.Until is { } until ? $", until {Instants.Full(until)}" : ", to the end")}: {string.Join("; ", alarm.Why.Select(why => why.Text))}";
        foreach (var gap in unwatched)
            yield return $"  From {Instants.Full(gap.From)} nobody is known to have watched for {Durations.InWords(gap.To - gap.From)} while {string.Join(", ", gap.Away)} was away, until {gap.Worker} took over.";
        yield return "On what evidence?";
        yield return $"  {Counted.Of(claims.Observations.Count, "observation")} in {Counted.Of(claims.Entries, "entry", "entries")} by load balancer, probes, provisioner and guests{(claims.Kept.Count > 0 ? $"; {Counted.Of(claims.Kept.Count, "state export")}: {string.Join(", ", claims.Kept.Select(kept => kept.Digest))}" : string.Empty)}";
    }
}
