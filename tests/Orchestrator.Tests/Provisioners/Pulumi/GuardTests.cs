using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Guarding;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>Recorded previews, through the mapping and the core's plan guard.</summary>
public sealed class GuardTests
{
    private static readonly MemberId Member = new("web-01", "a");
    private static readonly PreviewStep Replacement = new("replace", Recordings.UrnA, ["__meta"], ["clone.templateUuid"]);

    [Theory]
    [InlineData("preview-replace", 'A')]
    [InlineData("locked-preview", 'B')]
    [InlineData("preview-target-replace", 'B')]
    public void A_rebuild_of_the_member_passes(string recording, char letter) =>
        Assert.True(Check(Recordings.Preview(recording), letter).Allowed);

    [Theory]
    [InlineData("preview-replace", 'B')]
    [InlineData("preview-after-import", 'B')]
    [InlineData("preview-nothing", 'A')]
    [InlineData("preview-nothing-sames", 'A')]
    public void What_is_not_a_rebuild_of_the_member_is_refused(string recording, char letter) =>
        Assert.False(Check(Recordings.Preview(recording), letter).Allowed);

    [Fact]
    public void The_offending_step_is_shown()
    {
        var refusal = Assert.Single(Check(With(new("update", Recordings.UrnB, [], ["swapPlacementPolicy"])), 'A').Refusals);
        Assert.Contains("its peer's VM", refusal.Text, StringComparison.Ordinal);
        Assert.Contains("swapPlacementPolicy", refusal.Text, StringComparison.Ordinal);
        Assert.Contains(Recordings.UrnB, refusal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("delete")]
    [InlineData("replace")]
    [InlineData("delete-replaced")]
    [InlineData("import")]
    [InlineData("discard")]
    [InlineData("a-new-one")]
    public void Nothing_is_done_to_the_peer(string operation) =>
        Assert.False(Check(With(new(operation, Recordings.UrnB, [], [])), 'A').Allowed);

    [Theory]
    [InlineData("import")]
    [InlineData("import-replacement")]
    [InlineData("discard")]
    [InlineData("remove-pending-replace")]
    [InlineData("a-new-one")]
    public void An_operation_that_is_not_known_is_refused(string operation) =>
        Assert.False(Check(With(new(operation, Recordings.UrnA, [], [])), 'A').Allowed);

    [Theory]
    [InlineData("update", true)]
    [InlineData("create", true)]
    [InlineData("delete", false)]
    [InlineData("replace", false)]
    public void The_rule_may_be_updated_or_made_again(string operation, bool allowed) =>
        Assert.Equal(allowed, Check(With(new(operation, Recordings.Rule, [], [])), 'A').Allowed);

    [Fact]
    public void A_delete_without_a_create_is_refused() =>
        Assert.False(Check(new PreviewDocument([new("delete", Recordings.UrnA, [], [])], []), 'A').Allowed);

    [Fact]
    public void A_token_survives_the_journal()
    {
        var token = new PlanToken("/kept/plan.json", "sha256:1", true, "/DC/vm/an image with spaces");
        Assert.Equal(token, PlanToken.Parse(token.ToString()));
        Assert.Null(PlanToken.Parse("of another provisioner"));
    }

    private static PreviewDocument With(PreviewStep step) => new([Replacement, step], []);

    private static Verdict Check(PreviewDocument preview, char letter) =>
        PlanGuard.Check(new RebuildPreview("t", Subjects.Of(preview, Recordings.Contract, Recordings.Contract.Get(letter)), new VmFacts(null, null, VmPower.On, string.Empty, default)), Member);
}
