using CsCheck;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Triggers;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Images;
using Refresh.Workflows.Machines;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Triggers;

/// <summary>What an image that is new in the catalogue starts, and what it supersedes.</summary>
public sealed class ImageRuleTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_there_at_the_first_look_starts_nothing()
    {
        Assert.IsType<ImageStep.Note>(ImageRule.Decide(Look(Image(5)) with { Last = null }));
        Assert.Null(Assert.IsType<ImageStep.Note>(ImageRule.Decide(Look(null) with { Last = null })).Image);
    }

    [Fact]
    public void A_newer_image_starts_a_run_where_there_is_none()
    {
        var start = Assert.IsType<ImageStep.Start>(ImageRule.Decide(Look(Image(5)) with { Latest = Seen(4, RunState.Succeeded) }));
        Assert.Equal((null, null), (start.WaitsFor, start.Replaces));
    }

    [Theory]
    [InlineData(Superseding.Wait, RunState.Running, false, false)]
    [InlineData(Superseding.Replace, RunState.Running, false, true)]
    [InlineData(Superseding.Replace, RunState.AwaitingApproval, false, true)]
    [InlineData(Superseding.Replace, RunState.Waiting, false, true)]
    [InlineData(Superseding.Replace, RunState.Paused, false, true)]
    [InlineData(Superseding.Replace, RunState.Paused, true, false)]
    [InlineData(Superseding.Replace, RunState.RollingBack, true, false)]
    [InlineData(Superseding.Replace, RunState.Cancelling, false, false)]
    public void While_a_run_is_going_it_waits_or_replaces_but_never_cuts_a_rollback_short(Superseding superseding, RunState state, bool goingBack, bool replaces)
    {
        var holder = Seen(4, state) with { GoingBack = goingBack };
        var start = Assert.IsType<ImageStep.Start>(ImageRule.Decide(Look(Image(5)) with { Superseding = superseding, Holder = holder, Latest = holder }));
        Assert.Equal(holder, start.WaitsFor);
        Assert.Equal(replaces ? holder : null, start.Replaces);
    }

    [Theory]
    [InlineData(Superseding.Wait, RunState.Running, 4, "waits")]
    [InlineData(Superseding.Replace, RunState.Running, 4, "replaces")]
    [InlineData(Superseding.Refuse, RunState.Running, 4, "triggers.superseding is refuse")]
    [InlineData(Superseding.Replace, RunState.Running, 5, "which is no older")]
    [InlineData(Superseding.Replace, RunState.Running, 6, "which is no older")]
    [InlineData(Superseding.Wait, RunState.Failed, 5, "starts")]
    [InlineData(Superseding.Wait, RunState.Succeeded, 6, "nothing takes a fleet back")]
    public void An_image_that_is_said_to_be_published_supersedes_in_the_same_way_and_may_be_tried_again(Superseding superseding, RunState state, int latest, string what)
    {
        var step = ImageRule.Publish(Image(5), superseding, Seen(latest, state));
        Assert.Contains(what, step switch
        {
            ImageStep.Note note => note.Why,
            ImageStep.Start { Replaces: not null } => "replaces",
            ImageStep.Start { WaitsFor: not null } => "waits",
            _ => "starts",
        }, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_to_an_image_of_another_name_is_waited_for()
    {
        var holder = Seen(4, RunState.Running) with { Image = Image(4, "db") };
        Assert.Null(Assert.IsType<ImageStep.Start>(ImageRule.Decide(Look(Image(5)) with { Superseding = Superseding.Replace, Holder = holder })).Replaces);
    }

    [Fact]
    public void It_is_refused_where_the_fleet_says_so_and_the_run_is_named()
    {
        var holder = Seen(4, RunState.Running);
        Assert.Contains("run r4 to web@4", Assert.IsType<ImageStep.Note>(ImageRule.Decide(Look(Image(5)) with { Superseding = Superseding.Refuse, Holder = holder })).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void A_run_to_that_image_or_a_newer_one_is_enough(int version) =>
        Assert.IsType<ImageStep.Note>(ImageRule.Decide(Look(Image(5)) with { Latest = Seen(version, RunState.Failed), Superseding = Superseding.Replace }));

    [Fact]
    public void What_was_refused_is_tried_again_after_a_while_when_the_fleet_is_free()
    {
        var refused = Handled(5) with { Order = "o", State = OrderState.Refused };
        var look = Look(Image(5)) with { Last = refused, Latest = Seen(4, RunState.Succeeded), Now = s_at + OpeningRule.TryEvery };
        Assert.IsType<ImageStep.TryAgain>(ImageRule.Decide(look));
        Assert.IsType<ImageStep.Nothing>(ImageRule.Decide(look with { Now = s_at.AddMinutes(1) }));
        Assert.IsType<ImageStep.Nothing>(ImageRule.Decide(look with { Holder = Seen(3, RunState.Running) }));
        Assert.IsType<ImageStep.Note>(ImageRule.Decide(look with { Latest = Seen(5, RunState.Succeeded) }));
        Assert.Equal([Image(5)], ImageRule.Candidates([Image(4), Image(5)], "web", refused));
        Assert.Empty(ImageRule.Candidates([Image(4), Image(5), Image(9, "db")], "web", refused with { State = OrderState.Begun }));
    }

    /// <summary>Images arrive and are approved in any order, runs come and go, the service looks now and then.</summary>
    [Fact]
    public void No_image_is_ordered_twice_none_older_than_one_before_and_the_newest_approved_one_is_never_forgotten() =>
        Gen.Select(Gen.Enum<Superseding>(), Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3]).Array[1, 40]).Sample((superseding, steps) =>
        {
            var (approved, ordered) = (new HashSet<int>(), new List<int>());
            HandledTrigger? last = null;
            SeenRun? holder = null, latest = null;
            int? waiting = null;
            void Begin()
            {
                if (holder is null && waiting is { } version)
                    (holder, latest, waiting) = (Seen(version, RunState.Running), Seen(version, RunState.Running), null);
            }

            void Look()
            {
                var newest = ImageRule.Candidates(approved.Select(version => Image(version)), "web", last).FirstOrDefault();
                switch (ImageRule.Decide(new ImageLook(superseding, newest, s_at, last, latest, holder)))
                {
                    case ImageStep.Start start:
                        Assert.False(superseding == Superseding.Refuse && holder is not null);
                        Assert.True(start.Replaces is null || superseding == Superseding.Replace);
                        ordered.Add(Version(start.Image));
                        (last, waiting) = (Handled(Version(start.Image)) with { State = OrderState.Begun }, Version(start.Image));
                        holder = start.Replaces is null ? holder : null;
                        break;
                    case ImageStep.Note note:
                        last = Handled(note.Image is null ? 0 : Version(note.Image));
                        break;
                }
            }

            Look();
            foreach (var (version, what) in steps)
            {
                if (what == 0)
                    approved.Add(version + 1);
                else if (what == 1)
                    holder = null;
                else if (what == 2 && holder is null)
                    (holder, latest) = (Seen(version + 1, RunState.Running), Seen(version + 1, RunState.Running));
                else
                    Look();
                Begin();
            }

            Look();
            Assert.Equal(ordered.Order().Distinct(), ordered);
            if (approved.Count > 0 && superseding != Superseding.Refuse)
                Assert.True(approved.Max() <= Math.Max((int)last!.Begins.Subtract(s_at).TotalDays, latest is null ? 0 : Version(latest.Image)));
        }, iter: 2000);

    private static ImageLook Look(GoldenImage? newest) => new(Superseding.Wait, newest, s_at, Handled(3), null, null);

    private static int Version(GoldenImage image) => int.Parse(image.Ref.Version, System.Globalization.CultureInfo.InvariantCulture);

    private static HandledTrigger Handled(int version) => new("shop", TriggerKind.Image, $"web@{version}", s_at.AddDays(version), s_at.AddDays(version), s_at, null);

    private static SeenRun Seen(int version, RunState state) => new($"r{version}", state, false, Image(version));

    private static GoldenImage Image(int version, string name = "web") => new(new ImageRef(name, $"{version}", $"sha256:{version}"), s_at.AddDays(version), s_patches, "there");

    private static readonly IReadOnlyList<string> s_patches = [];
}
