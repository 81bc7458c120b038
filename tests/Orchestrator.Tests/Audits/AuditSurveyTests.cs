using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Tests.Engine;
using Refresh.Orchestrator.Tests.FleetFiles;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Audits;

public sealed class AuditSurveyTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task A_member_that_does_not_answer_once_or_twice_is_not_down(int failures, bool serves)
    {
        var world = new StillWorld();
        var ports = world.Ports(new FaultyJournal(TimeProvider.System)) with { Probe = new Flaky(failures) };
        var definition = Texts.Definition(Texts.Good + "watch: { interval: 10ms }\nsoak: { duration: 60s, interval: 1s, badLooks: 3 }\n");
        var surveyed = await AuditSurvey.LookAsync(definition, ports, TestContext.Current.CancellationToken);
        Assert.All(surveyed.Facts.Members.Values, member => Assert.Equal(serves, member.Serves));
    }

    /// <summary>Fails so often for each member, then answers.</summary>
    private sealed class Flaky(int failures) : IHealthProbe
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<MemberId, int> _asked = new();

        public Task<ProbeFacts> ProbeAsync(Member member, CancellationToken cancellation)
        {
            var healthy = _asked.AddOrUpdate(member.Id, 1, (_, before) => before + 1) > failures;
            return Task.FromResult(new ProbeFacts(healthy, healthy ? "200" : "no answer in 1 s", DateTimeOffset.UtcNow));
        }
    }
}
