using Refresh.Workflows.Evidence;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Evidence;

/// <summary>What a report tells of runs that went well, badly, on after a crash, and back.</summary>
public sealed class RunReportTests
{
    private static readonly MemberId s_first = MemberId.Parse("web-1/a");

    [Fact]
    public void A_run_that_succeeded_says_so_with_every_member_proved()
    {
        var report = RunReport.From(Sample.Success().Journal);

        Assert.Equal(RunState.Succeeded, report.State);
        Assert.All(report.Members(), member => Assert.True(member.Proved));
        var conclusion = Conclusion.Of(report);
        Assert.Equal(Tone.Good, conclusion.Tone);
        Assert.Equal("Succeeded: the fleet runs web@2026.11.2", conclusion.Headline);
        Assert.Empty(conclusion.Next);
    }

    [Fact]
    public void A_member_is_told_before_and_after_with_what_proves_it_new()
    {
        var member = Get(RunReport.From(Sample.Success().Journal), s_first);

        Assert.Equal(ScriptedWorld.Old.Label, member.Before!.Image);
        Assert.Equal(ScriptedWorld.New.Label, member.After!.Image);
        Assert.Equal(ScriptedWorld.New.Digest, member.After.Digest);
        Assert.NotEqual(member.Before.Vm, member.After.Vm);
        Assert.NotEqual(member.Before.MachineId, member.After.MachineId);
        Assert.True(member.After.BootedAt > member.Before.BootedAt);
        Assert.Equal(["CVE-2026-1234", "CVE-2026-2345"], member.PatchesGained);
        Assert.Empty(member.PatchesLost);
    }

    [Fact]
    public void Every_step_has_a_begin_an_end_and_a_duration()
    {
        var steps = Get(RunReport.From(Sample.Success().Journal), s_first).Steps;

        Assert.Equal(
            [MemberState.Guarding, MemberState.Draining, MemberState.Rebuilding, MemberState.Verifying, MemberState.Rejoining, MemberState.Soaking],
            steps.Select(step => step.State));
        Assert.Equal([0.1, 3, 8.5, 2, 1, 5], steps.Select(step => step.Duration!.Value.TotalSeconds));
        Assert.All(steps.Zip(steps.Skip(1)), both => Assert.Equal(both.First.To, both.Second.From));
    }

    [Fact]
    public void A_pair_that_froze_shows_who_is_out_why_and_what_to_do()
    {
        var report = RunReport.From(Sample.Frozen().Journal);

        var pair = report.Pairs.Single(pair => pair.Name == "web-2");
        Assert.Equal(PairState.Frozen, pair.State);
        var failed = pair.Members[0];
        Assert.True(failed.Out);
        Assert.False(failed.Proved);
        Assert.Contains(failed.Failures, failure => failure is { Final: true, Step: "Verifying" });
        var conclusion = Conclusion.Of(report);
        Assert.Equal(Tone.Bad, conclusion.Tone);
        Assert.Contains("web-2/a is out of rotation still; its peer web-2/b is not.", conclusion.Sentences);
        Assert.Contains(conclusion.Next, next => next.StartsWith("web-2 stays frozen", StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_that_is_still_out_has_an_absence_without_an_end()
    {
        var report = RunReport.From(Sample.Frozen().Journal);

        var absence = Assert.Single(Get(report, MemberId.Parse("web-2/a")).Absences);
        Assert.Null(absence.To);
        Assert.Equal(report.AsOf - absence.From, absence.Duration(report.AsOf));
    }

    [Fact]
    public void A_run_that_was_taken_over_tells_by_whom_and_what_became_of_the_rebuild()
    {
        var report = RunReport.From(Sample.Resumed().Journal);

        Assert.Equal(RunState.Succeeded, report.State);
        var taken = Assert.Single(report.TakeOvers);
        Assert.Equal(2, taken.Epoch);
        var rebuilds = Get(report, s_first).Rebuilds;
        Assert.Equal([true, false], rebuilds.Select(rebuild => rebuild.WorkerLost));
        Assert.Equal(RebuildFate.Untouched, rebuilds[0].Fate);
        Assert.False(rebuilds[0].Happened);
        Assert.NotEmpty(rebuilds[0].Rungs);
        Assert.True(rebuilds[1].Happened);
    }

    [Fact]
    public void A_take_over_neither_ends_an_absence_nor_begins_another()
    {
        var report = RunReport.From(Sample.Resumed().Journal);

        Assert.Single(Get(report, s_first).Absences);
        Assert.Equal(1, report.Availability.Least);
    }

    [Fact]
    public void A_rollback_shows_both_ways_and_ends_on_the_recorded_image()
    {
        var report = RunReport.From(Sample.RolledBack().Journal);

        Assert.Equal(RunState.RolledBack, report.State);
        Assert.Contains("4 of 4 members were taken back to the recorded image and proved to run it.", Conclusion.Of(report).Sentences);
        var member = Get(report, s_first);
        Assert.Equal(MemberState.Reverted, member.State);
        Assert.Equal([ScriptedWorld.New.Label, ScriptedWorld.Old.Label], member.Proofs.Select(proof => proof.Seen.Image));
        Assert.Equal(ScriptedWorld.Old.Label, member.After!.Image);
        Assert.NotEqual(member.Before!.Vm, member.After.Vm);
        Assert.Equal(2, member.Absences.Count);
        Assert.Contains(member.Steps, step => step.Back);
        var request = Assert.Single(report.Requests, request => request.Kind == RequestKind.Rollback);
        Assert.Equal("grace", request.By);
        Assert.Null(request.Refusal);
    }

    [Fact]
    public void A_request_that_was_turned_down_keeps_its_reason()
    {
        var run = Sample.Success();
        run.Ask(RequestKind.Pause);

        Assert.Equal("request-refused", Assert.Single(RunReport.From(run.Journal).Requests).Refusal!.Code);
    }

    [Fact]
    public void A_wait_that_is_said_again_and_again_is_one_wait_with_its_reason()
    {
        var looks = 0;
        var run = new ScriptedRun(ScriptedRun.FleetOf(1))
        {
            Instead = (intent, facts) => intent is Observe { Member.Name: "b" } && ++looks <= 3
                ? new Observed(facts with { Peer = facts.Peer with { Probe = new ProbeFacts(false, $"503, look {looks}", facts.Peer.Probe!.At) } })
                : null,
        };

        var member = Get(RunReport.From(run.Begin().Continue().Journal), MemberId.Parse("web-1/b"));

        var wait = Assert.Single(member.Waits);
        Assert.Equal(3, wait.Times);
        Assert.Equal("peer-unhealthy", Assert.Single(wait.Why).Code);
        Assert.Equal(member.Steps[0].To, wait.To);
    }

    [Fact]
    public void A_run_in_which_nothing_was_done_is_not_called_a_success()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(0)).Begin();

        Assert.StartsWith("Nothing was done", Conclusion.Of(RunReport.From(run.Journal)).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_cancelled_before_anything_was_done_says_so()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(1, policy => policy with { ApprovalRequired = true })).Begin().Ask(RequestKind.Cancel);

        Assert.Equal("Cancelled before any member was rebuilt", Conclusion.Of(RunReport.From(run.Journal)).Headline);
    }

    [Fact]
    public void A_run_that_failed_without_a_frozen_pair_says_why_and_speaks_of_it_as_ended()
    {
        var conclusion = Conclusion.Of(RunReport.From(Sample.Revoked().Journal));

        Assert.Equal("Failed: web@2026.11.2 was revoked by sam: a backdoor", conclusion.Headline);
        Assert.DoesNotContain(conclusion.Next, next => next.Contains("goes no further", StringComparison.Ordinal) || next.Contains("under way", StringComparison.Ordinal));
        Assert.Contains(conclusion.Next, next => next.Contains("refresh rollback", StringComparison.Ordinal) || next.Contains("another image", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_goes_on_is_reported_as_of_its_last_entry()
    {
        var run = new ScriptedRun(ScriptedRun.FleetOf(2)).Begin().Continue(happened => happened is OutcomeRecorded { Outcome: Drained });

        var report = RunReport.From(run.Journal);
        Assert.Null(report.EndedAt);
        Assert.Equal(run.Journal[^1].At, report.AsOf);
        Assert.True(Get(report, s_first).Out);
        Assert.Equal(Tone.Open, Conclusion.Of(report).Tone);
    }

    [Fact]
    public void A_journal_that_does_not_begin_with_a_plan_is_refused() =>
        Assert.Throws<ArgumentException>(() => RunReport.From([]));

    [Fact]
    public void Every_entry_has_words()
    {
        foreach (var entry in Sample.RolledBack().Journal.Concat(Sample.Resumed().Journal).Concat(Sample.Frozen().Journal))
            Assert.NotEqual(string.Empty, EntryText.Of(entry.Event).Text);
    }

    private static MemberReport Get(RunReport report, MemberId member) => report.Members().Single(other => other.Id == member);
}
