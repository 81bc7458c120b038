using System.Text;
using Refresh.Workflows.Evidence;

namespace Refresh.Orchestrator.Reports;

/// <summary>The report of a run as plain lines, for logs and pipes.</summary>
public static class TextReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="load">What a load saw meanwhile; null if there was none.</param>
    /// <returns>The lines, each without control characters.</returns>
    public static IReadOnlyList<string> Render(RunReport report, LoadSummary? load)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. Lines(report, load).Select(Plain)];
    }

    private static IEnumerable<string> Lines(RunReport report, LoadSummary? load)
    {
        var conclusion = Conclusion.Of(report);
        yield return conclusion.Headline;
        foreach (var sentence in conclusion.Sentences)
            yield return $"  {sentence}";
        foreach (var next in conclusion.Next)
            yield return $"  Next: {next}";
        yield return string.Empty;
        yield return $"Run {report.Run} of fleet {report.Fleet} to {report.Image.Ref}";
        yield return $"  asked for by {report.By}{(report.Why.Length > 0 ? $": {report.Why}" : string.Empty)}";
        yield return $"  begun {Instants.Full(report.BegunAt)}, ended {Instants.Full(report.EndedAt)}";
        yield return $"  {PaceOf(report.Pace)}";
        yield return FormattableString.Invariant($"  capacity lost {report.Availability.CapacityLost:0.0} member-seconds, at most {report.Availability.MostAway} of {report.Availability.Members} members out at once");
        foreach (var line in GateLines.Of(report.Gates))
            yield return $"  {line.Text}";
        if (report.Revoked is { } revoked)
            yield return $"  the image was REVOKED by {revoked.By} while the run went on: {revoked.Why}";
        if (load is not null)
            yield return LoadOf(load);
        yield return string.Empty;
        yield return "Members";
        foreach (var member in report.Members())
            yield return $"  {MemberEvidence.Of(member, report.AsOf)}";
        foreach (var line in Titled("Waits and failures", TroubleLines.Of(report).Select(line => $"{Instants.Clock(line.At)} {line.Who} {line.What}: {string.Join("; ", line.Why)}")))
            yield return line;
        foreach (var line in Titled("Requests and take-overs", People(report)))
            yield return line;
    }

    private static IEnumerable<string> Titled(string title, IEnumerable<string> lines)
    {
        var first = true;
        foreach (var line in lines)
        {
            if (first)
            {
                yield return string.Empty;
                yield return title;
                first = false;
            }

            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> People(RunReport report) =>
        report.Requests.Select(request => (request.At, Text: $"{request.By} asked to {request.Kind.ToString().ToLowerInvariant()}: {request.Refusal?.ToString() ?? "taken up"}"))
            .Concat(report.TakeOvers.Select(taken => (taken.At, Text: $"taken over by {taken.Worker}")))
            .OrderBy(line => line.At)
            .Select(line => $"{Instants.Clock(line.At)} {line.Text}");

    private static string PaceOf(Pace pace) => pace.LowerBound is { } bound
        ? FormattableString.Invariant($"took {Durations.InWords(pace.Duration)}, {pace.Ratio:0.00} times the lower bound of {Durations.InWords(bound)}")
        : $"took {Durations.InWords(pace.Duration)}";

    private static string LoadOf(LoadSummary load) => FormattableString.Invariant(
        $"  {load.Sent} requests sent, {load.Failed} failed; p50 {load.P50During:0.0} ms, before {load.P50Before:0.0}; p99 {load.P99During:0.0} ms, before {load.P99Before:0.0}");

    private static string Plain(string line)
    {
        if (!line.Any(char.IsControl))
            return line;
        var plain = new StringBuilder(line.Length);
        foreach (var each in line)
            plain.Append(char.IsControl(each) ? '\uFFFD' : each);
        return plain.ToString();
    }
}
