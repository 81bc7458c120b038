using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What every <see cref="ILoadBalancer"/> does, whether real requests go through it (<see cref="TrafficCompliance"/>) or it is simulated.</summary>
public abstract class LoadBalancerCompliance : IAsyncLifetime
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    internal static MemberId A { get; } = MemberId.Parse("web-1/a");

    internal static MemberId B { get; } = MemberId.Parse("web-1/b");

    /// <summary>Ends every wait of a test.</summary>
    protected CancellationToken Cancellation => _deadline.Token;

    /// <summary>The balancer under test.</summary>
    protected ILoadBalancer Balancer { get; private set; } = null!;

    protected abstract Member MemberA { get; }

    protected abstract Member MemberB { get; }

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(TimeSpan.FromSeconds(90));
        Balancer = await OpenAsync();
        foreach (var member in new[] { MemberA, MemberB })
            await UntilAsync(member, facts => facts.Serves);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the balancer in front of two members.</summary>
    protected abstract Task<ILoadBalancer> OpenAsync();

    /// <summary>Stops all of it.</summary>
    protected abstract Task CloseAsync();

    /// <summary>The machine of a member is destroyed.</summary>
    protected abstract Task VanishAsync(Member member);

    /// <summary>The balancer's check of a member passes, or does not.</summary>
    protected abstract Task HealAsync(Member member, bool healthy);

    /// <summary>A machine that could take the place of the first member's.</summary>
    protected abstract Task<Endpoint> OtherMachineAsync();

    /// <summary>Gives each member work that does not end by itself.</summary>
    protected abstract Task GiveWorkAsync();

    /// <summary>Ends that work, or sees that the first member's was cut.</summary>
    protected abstract Task EndWorkAsync(bool cut);

    /// <summary>New work goes elsewhere.</summary>
    protected abstract Task GetsNoWorkAsync(Member member);

    /// <summary>New work goes to this address of the first member, and to none that it had before.</summary>
    protected abstract Task GetsWorkAsync(Endpoint address);

    [Fact]
    public async Task A_member_in_rotation_serves_at_its_address()
    {
        var facts = await Balancer.ObserveAsync(MemberA, Cancellation);
        Assert.True(facts.Serves, facts.Detail);
        Assert.Equal(MemberA.Address, facts.Address);
    }

    [Fact]
    public async Task A_sound_balancer_passes_its_check() =>
        Assert.Empty(await Balancer.CheckAsync([MemberA, MemberB], Cancellation));

    [Fact]
    public async Task Work_that_was_begun_before_the_drain_is_counted_and_finished()
    {
        await GiveWorkAsync();
        await UntilAsync(MemberA, facts => facts.Sessions > 0);
        var drained = await Balancer.DrainAsync(MemberA, Cancellation);
        Assert.True(drained.Sessions > 0, drained.Detail);
        await EndWorkAsync(cut: false);
        await UntilAsync(MemberA, facts => facts.Sessions == 0);
    }

    [Fact]
    public async Task Draining_twice_and_holding_twice_is_as_once()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        Assert.Equal(Rotation.Draining, (await Balancer.DrainAsync(MemberA, Cancellation)).Rotation);
        await UntilAsync(MemberA, facts => facts.Sessions == 0);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        Assert.Equal(Rotation.Out, (await Balancer.HoldAsync(MemberA, cut: false, Cancellation)).Rotation);
        Assert.Equal(Rotation.Out, (await Balancer.DrainAsync(MemberA, Cancellation)).Rotation);
        Assert.Equal(Rotation.Out, (await Balancer.ObserveAsync(MemberA, Cancellation)).Rotation);
    }

    [Fact]
    public async Task A_member_in_rotation_is_not_held_out()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => Balancer.HoldAsync(MemberA, cut: true, Cancellation));
        Assert.Equal("balancer-not-drained", error.Reason.Code);
        Assert.True((await Balancer.ObserveAsync(MemberA, Cancellation)).Serves);
    }

    [Fact]
    public async Task A_drained_member_gets_no_new_work_and_may_rejoin_twice()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        await GetsNoWorkAsync(MemberA);
        Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
        Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
    }

    [Fact]
    public async Task A_member_that_is_not_healthy_does_not_rejoin()
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        await HealAsync(MemberA, healthy: false);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        soon.CancelAfter(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Balancer.RejoinAsync(MemberA, Fences.None, soon.Token));
        Assert.NotEqual(Rotation.In, (await Balancer.ObserveAsync(MemberA, Cancellation)).Rotation);
        await GetsNoWorkAsync(MemberA);
        await HealAsync(MemberA, healthy: true);
        Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_member_stays_out_when_the_fleet_is_lost_before_its_rejoin_or_while_it_waits(int commands)
    {
        await Balancer.DrainAsync(MemberA, Cancellation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        await Assert.ThrowsAsync<JournalException>(() => Balancer.RejoinAsync(MemberA, Fences.For(commands), Cancellation));
        Assert.NotEqual(Rotation.In, (await Balancer.ObserveAsync(MemberA, Cancellation)).Rotation);
        Assert.True((await Balancer.RejoinAsync(MemberA, Fences.None, Cancellation)).Serves);
    }

    [Fact]
    public async Task A_member_rejoins_at_another_address()
    {
        var next = await OtherMachineAsync();
        await Balancer.DrainAsync(MemberA, Cancellation);
        await Balancer.HoldAsync(MemberA, cut: false, Cancellation);
        await VanishAsync(MemberA);
        await HealAsync(MemberA, healthy: true);
        var facts = await Balancer.RejoinAsync(MemberA with { Address = next }, Fences.None, Cancellation);
        Assert.True(facts.Serves, facts.Detail);
        Assert.Equal(next, facts.Address);
        await GetsWorkAsync(next);
    }

    [Fact]
    public async Task Sessions_that_do_not_end_are_cut_on_demand()
    {
        await GiveWorkAsync();
        await UntilAsync(MemberA, facts => facts.Sessions > 0);
        Assert.True((await Balancer.DrainAsync(MemberA, Cancellation)).Sessions > 0);
        var facts = await Balancer.HoldAsync(MemberA, cut: true, Cancellation);
        Assert.Equal((Rotation.Out, 0), (facts.Rotation, facts.Sessions));
        await EndWorkAsync(cut: true);
    }

    [Fact]
    public async Task A_member_whose_machine_is_gone_is_down()
    {
        await VanishAsync(MemberB);
        var facts = await UntilAsync(MemberB, facts => facts.Health == BalancerHealth.Down);
        Assert.False(facts.Serves);
    }

    [Fact]
    public async Task An_unknown_member_is_an_error_everywhere()
    {
        var stranger = new Member(MemberId.Parse("web-9/z"), MemberA.Address);
        var calls = new Func<Task>[]
        {
            () => Balancer.ObserveAsync(stranger, Cancellation),
            () => Balancer.DrainAsync(stranger, Cancellation),
            () => Balancer.HoldAsync(stranger, cut: false, Cancellation),
            () => Balancer.RejoinAsync(stranger, Fences.None, Cancellation),
        };
        foreach (var call in calls)
            Assert.Contains("web-9/z", (await Assert.ThrowsAsync<AdapterException>(call)).Message, StringComparison.Ordinal);
        Assert.Contains("web-9/z", Assert.Single(await Balancer.CheckAsync([MemberA, stranger], Cancellation)).Text, StringComparison.Ordinal);
    }

    protected async Task<BalancerFacts> UntilAsync(Member member, Func<BalancerFacts, bool> condition)
    {
        while (true)
        {
            if (await Balancer.ObserveAsync(member, Cancellation) is var facts && condition(facts))
                return facts;
            await Task.Delay(10, Cancellation);
        }
    }
}
