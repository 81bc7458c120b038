using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Workflows.Tests.Rules;

public sealed class PlanGuardTests
{
    private static readonly PlannedStep s_replace = new(PlannedOperation.Replace, PlannedSubject.MemberVm, "vm-a", "replace");

    [Fact]
    public void Only_the_members_own_VM_may_be_made_anew_and_its_rule_updated_or_made_again()
    {
        (PlannedSubject, PlannedOperation)[] permitted =
        [
            .. Enum.GetValues<PlannedSubject>().Select(subject => (subject, PlannedOperation.Keep)),
            (PlannedSubject.MemberVm, PlannedOperation.Create),
            (PlannedSubject.MemberVm, PlannedOperation.Delete),
            (PlannedSubject.MemberVm, PlannedOperation.Replace),
            (PlannedSubject.AntiAffinityRule, PlannedOperation.Update),
            (PlannedSubject.AntiAffinityRule, PlannedOperation.Create),
        ];
        foreach (var subject in Enum.GetValues<PlannedSubject>())
        {
            foreach (var operation in Enum.GetValues<PlannedOperation>())
                Assert.Equal(permitted.Contains((subject, operation)), Check(s_replace, new PlannedStep(operation, subject, "x", "y")).Allowed);
        }
    }

    [Fact]
    public void A_plan_that_touches_the_peer_is_refused_by_name()
    {
        var refusal = Assert.Single(Check(s_replace, new PlannedStep(PlannedOperation.Replace, PlannedSubject.PeerVm, "vm-b", "replaced: image changed")).Refusals);
        Assert.Equal(("plan-refused", "the rebuild of web-1/a would also replace its peer's VM (vm-b): replaced: image changed"), (refusal.Code, refusal.Text));
    }

    [Fact]
    public void A_plan_that_changes_the_VM_in_place_is_refused() =>
        Assert.Equal(["plan-refused", "plan-empty"], Check(new PlannedStep(PlannedOperation.Update, PlannedSubject.MemberVm, "vm-a", "update")).Refusals.Select(refusal => refusal.Code));

    [Fact]
    public void A_plan_that_makes_no_VM_is_refused() =>
        Assert.Equal("plan-empty", Assert.Single(Check(new PlannedStep(PlannedOperation.Delete, PlannedSubject.MemberVm, "vm-a", "delete")).Refusals).Code);

    [Fact]
    public void An_empty_plan_is_refused() =>
        Assert.Equal("plan-empty", Assert.Single(Check().Refusals).Code);

    [Fact]
    public void Every_refused_step_has_its_own_reason() =>
        Assert.Equal(2, Check(s_replace, new PlannedStep(PlannedOperation.Delete, PlannedSubject.Other, "disk", "d"), new PlannedStep(PlannedOperation.Other, PlannedSubject.Other, "net", "n")).Refusals.Count);

    private static Verdict Check(params PlannedStep[] steps) => PlanGuard.Check(new RebuildPreview("plan-1", steps, Seen.Vm()), Seen.A);
}
