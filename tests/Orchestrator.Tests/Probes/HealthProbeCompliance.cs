using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

/// <summary>What every health probe does, whatever it asks. Each world is a real member, or a real absence of one.</summary>
public abstract class HealthProbeCompliance : IAsyncLifetime
{
    private protected static readonly TimeSpan Ample = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly List<IAsyncDisposable> started = [];

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var one in started)
            await one.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the detail says of a healthy member.</summary>
    protected abstract string HealthyWords { get; }

    /// <summary>What the detail says of a member that answers that it is not healthy.</summary>
    protected abstract string SickWords { get; }

    /// <summary>What the detail says where nobody is.</summary>
    protected virtual string AbsentWords => "connection refused";

    protected abstract IHealthProbe Probe(TimeSpan timeout);

    protected abstract Task<Member> HealthyAsync();

    protected abstract Task<Member> SickAsync();

    protected virtual Task<Member> AbsentAsync() => Task.FromResult(Members.At(Members.ClosedPort()));

    /// <summary>A member that takes the question and never answers.</summary>
    protected abstract Task<Member> HangingAsync();

    [Fact]
    public async Task A_healthy_member_is_healthy()
    {
        var facts = await AskAsync(await HealthyAsync(), Ample);
        Assert.True(facts.Healthy, facts.Detail);
        Assert.Contains(HealthyWords, facts.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sick_member_is_unhealthy_and_the_detail_says_why()
    {
        var facts = await AskAsync(await SickAsync(), Ample);
        Assert.False(facts.Healthy, facts.Detail);
        Assert.Contains(SickWords, facts.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_is_the_verdict_is_unhealthy_and_the_detail_says_so()
    {
        var facts = await AskAsync(await AbsentAsync(), Ample);
        Assert.False(facts.Healthy, facts.Detail);
        Assert.Contains(AbsentWords, facts.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_hangs_is_unhealthy_after_the_timeout_and_the_detail_says_so()
    {
        var facts = await AskAsync(await HangingAsync(), Short);
        Assert.False(facts.Healthy, facts.Detail);
        Assert.Contains("no answer within 0.3 s", facts.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_question_ends_with_the_callers_cancellation()
    {
        var member = await HangingAsync();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var question = Probe(Ample).ProbeAsync(member, caller.Token);
        await caller.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
        Assert.Equal(caller.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task Nothing_is_asked_once_the_caller_has_cancelled()
    {
        var member = await HealthyAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Probe(Ample).ProbeAsync(member, new CancellationToken(canceled: true)));
    }

    private protected Task<ProbeFacts> AskAsync(Member member, TimeSpan timeout) => Probe(timeout).ProbeAsync(member, Cancellation);

    /// <summary>Ends something with the test.</summary>
    private protected T Keep<T>(T one)
        where T : IAsyncDisposable
    {
        started.Add(one);
        return one;
    }
}
