using Refresh.Workflows.Machines;
using Xunit;

namespace Refresh.Workflows.Tests.Machines;

public sealed class MachineTests
{
    [Fact]
    public void The_run_machine_permits_what_the_approved_table_says_on_the_way_forward() =>
        Approved.Equal("Machines/run-forward", MachineTables.Of<RunState, RunTrigger>(Forward));

    [Fact]
    public void The_run_machine_permits_what_the_approved_table_says_on_the_way_back() =>
        Approved.Equal("Machines/run-back", MachineTables.Of<RunState, RunTrigger>(Back));

    [Fact]
    public void The_pair_machine_permits_what_the_approved_table_says_and_nothing_else() =>
        Approved.Equal("Machines/pair", MachineTables.Of<PairState, PairTrigger>(PairMachine.Fire));

    [Fact]
    public void The_member_machine_permits_what_the_approved_table_says_on_the_way_forward() =>
        Approved.Equal("Machines/member-forward", MachineTables.Of<MemberState, MemberTrigger>(Forward));

    [Fact]
    public void The_member_machine_permits_what_the_approved_table_says_on_the_way_back() =>
        Approved.Equal("Machines/member-back", MachineTables.Of<MemberState, MemberTrigger>(Back));

    [Fact]
    public void Every_state_can_be_reached()
    {
        Assert.Equal(Enum.GetValues<RunState>(), MachineTables.Reachable<RunState, RunTrigger>(RunState.Planned, Forward).Order());
        Assert.Equal(Enum.GetValues<PairState>(), MachineTables.Reachable<PairState, PairTrigger>(PairState.Pending, PairMachine.Fire).Order());
        var forward = MachineTables.Reachable<MemberState, MemberTrigger>(MemberState.Pending, Forward);
        var back = MachineTables.Reachable<MemberState, MemberTrigger>(MemberState.Reverting, Back);
        Assert.Equal(Enum.GetValues<MemberState>(), forward.Union(back).Order());
    }

    [Theory]
    [InlineData(RunState.Succeeded)]
    [InlineData(RunState.Failed)]
    [InlineData(RunState.Cancelled)]
    [InlineData(RunState.RolledBack)]
    public void A_run_that_has_ended_can_at_most_be_rolled_back(RunState state)
    {
        Assert.True(RunMachine.IsFinal(state));
        Assert.All(MachineTables.Moves<RunState, RunTrigger>(state, Forward), move => Assert.Equal(RunTrigger.Rollback, move.Trigger));
    }

    [Fact]
    public void A_run_that_has_not_ended_can_go_on()
    {
        foreach (var state in Enum.GetValues<RunState>().Where(state => !RunMachine.IsFinal(state)))
            Assert.NotEmpty(MachineTables.Moves<RunState, RunTrigger>(state, Forward));
    }

    [Theory]
    [InlineData(PairState.Refreshed)]
    [InlineData(PairState.Skipped)]
    [InlineData(PairState.Frozen)]
    [InlineData(PairState.Halted)]
    [InlineData(PairState.RolledBack)]
    public void A_pair_that_is_done_can_at_most_go_back(PairState state) =>
        Assert.All(MachineTables.Moves<PairState, PairTrigger>(state, PairMachine.Fire), move => Assert.Equal(PairTrigger.Revert, move.Trigger));

    [Theory]
    [InlineData(MemberState.Refreshed)]
    [InlineData(MemberState.Current)]
    [InlineData(MemberState.Failed)]
    [InlineData(MemberState.Reverted)]
    public void A_member_that_is_done_can_at_most_go_back(MemberState state) =>
        Assert.All(MachineTables.Moves<MemberState, MemberTrigger>(state, Forward), move => Assert.Equal(MemberTrigger.Revert, move.Trigger));

    [Fact]
    public void A_forbidden_move_names_the_state_the_trigger_and_what_is_permitted()
    {
        var forbidden = Assert.Throws<ForbiddenMoveException>(() => RunMachine.Fire(RunState.Paused, RunTrigger.Complete, goingBack: false));
        Assert.Equal("A run that is Paused cannot Complete; from Paused it can: Pause, Resume, Cancel, Rollback.", forbidden.Message);
        Assert.Equal(("Paused", "Complete"), (forbidden.State, forbidden.Trigger));
    }

    [Fact]
    public void A_forbidden_move_from_a_final_state_says_that_it_is_final()
    {
        var forbidden = Assert.Throws<ForbiddenMoveException>(() => PairMachine.Fire(PairState.RolledBack, PairTrigger.Begin));
        Assert.Equal("A pair that is RolledBack cannot Begin; from RolledBack it can: nothing, it is final.", forbidden.Message);
    }

    [Fact]
    public void A_forbidden_move_names_the_guard_that_is_not_met()
    {
        var machine = new Machine<PairState, PairTrigger>("pair", PairState.Pending, configure => configure
            .Configure(PairState.Pending)
            .PermitIf(PairTrigger.Begin, PairState.Refreshing, () => false, "served by its peer")
            .Permit(PairTrigger.NothingToDo, PairState.Skipped));
        var forbidden = Assert.Throws<ForbiddenMoveException>(() => machine.Fire(PairState.Pending, PairTrigger.Begin));
        Assert.Equal("A pair that is Pending cannot Begin, because it is not served by its peer; from Pending it can: NothingToDo.", forbidden.Message);
    }

    [Fact]
    public void What_may_be_fired_is_what_can_be_fired()
    {
        foreach (var state in Enum.GetValues<RunState>())
        {
            var permitted = MachineTables.Moves<RunState, RunTrigger>(state, Forward).Select(move => move.Trigger);
            Assert.Equal(permitted, Enum.GetValues<RunTrigger>().Where(trigger => RunMachine.CanFire(state, trigger, goingBack: false)));
        }
    }

    private static RunState Forward(RunState from, RunTrigger trigger) => RunMachine.Fire(from, trigger, goingBack: false);

    private static RunState Back(RunState from, RunTrigger trigger) => RunMachine.Fire(from, trigger, goingBack: true);

    private static MemberState Forward(MemberState from, MemberTrigger trigger) => MemberMachine.Fire(from, trigger, goingBack: false);

    private static MemberState Back(MemberState from, MemberTrigger trigger) => MemberMachine.Fire(from, trigger, goingBack: true);
}
