using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Probes;

/// <summary>What all probes share: a timeout of their own, and that a member which does not answer is a verdict and not an error.</summary>
internal abstract class TimedProbe(TimeSpan timeout, TimeProvider time) : IHealthProbe
{
    private readonly TimedQuestion _question = new(timeout, time);

    public async Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(member);
        Verdict verdict;
        try
        {
            verdict = await _question.AskAsync(stop => AskAsync(member, stop), cancellation);
        }
        catch (NoAnswerException late)
        {
            verdict = new Verdict(false, late.Message);
        }
        catch (Exception exception) when (Failure.Explain(exception) is not null)
        {
            verdict = new Verdict(false, Failure.Explain(exception)!);
        }

        return new ProbeFacts(verdict.Healthy, $"{Question(member)}: {verdict.Seen}", time.GetUtcNow());
    }

    /// <summary>What is asked, for people: it begins every detail.</summary>
    protected abstract string Question(Member member);

    /// <summary>Asks once. A failure of the network may be thrown; it becomes an unhealthy verdict.</summary>
    protected abstract Task<Verdict> AskAsync(Member member, CancellationToken cancellation);
}

/// <summary>What came of one question, and what was seen.</summary>
internal sealed record Verdict(bool Healthy, string Seen);
