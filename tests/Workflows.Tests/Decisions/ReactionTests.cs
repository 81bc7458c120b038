using System.Text;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Workflows.Tests.Decisions;

/// <summary>At every step of a member: its peer goes bad, somebody asks something, the worker is lost. The answers are an approved table.</summary>
public sealed class ReactionTests
{
    private static readonly (string Step, Func<Story> At)[] s_steps =
    [
        ("waits to leave", () => new Story().Until<Observe>(Seen.A)),
        ("drains", () => new Story().Until<Drain>(Seen.A)),
        ("is previewed", () => new Story().Until<Preview>(Seen.A)),
        ("is rebuilt", () => new Story().Until<Rebuild>(Seen.A)),
        ("is recovered", () => new Story().Until<Rebuild>(Seen.A).Arrives<Rebuild>(Seen.A, new Failed(Story.Bad, false))),
        ("is verified", () => new Story().Until<Verify>(Seen.A)),
        ("rejoins", () => new Story().Until<Rejoin>(Seen.A)),
        ("soaks", () => new Story().Until<Soak>(Seen.A)),
        ("returns", () => new Story().Until<Drain>(Seen.A).Arrives<WatchPeer>(Seen.A, new Watched([Story.Bad], [], 2))),
        ("is followed by its peer", () => new Story().Until<Observe>(Seen.B)),
        ("bakes", () => new Story(policy: Baking).Until<Bake>(Seen.B)),
        ("goes back: waits to leave", () => Back().Until<Observe>(Seen.A)),
        ("goes back: drains", () => Back().Until<Drain>(Seen.A)),
        ("goes back: is rebuilt", () => Back().Until<Rebuild>(Seen.A)),
        ("goes back: soaks", () => Back().Until<Soak>(Seen.A)),
        ("is frozen, and out", () => new Story().Until<Verify>(Seen.A).Arrives<Verify>(Seen.A, new Failed(Story.Bad, true))),
        ("waits to leave, paused", () => new Story().Ask(RequestKind.Pause)),
        ("is refreshed, paused", () => new Story().Until<Soak>(Seen.A).Ask(RequestKind.Pause).Out("web-1")),
    ];

    private static readonly (string Comes, Action<Story> Do)[] s_coming =
    [
        ("peer goes bad", PeerGoesBad),
        ("pause", story => story.Ask(RequestKind.Pause)),
        ("resume", story => story.Ask(RequestKind.Resume)),
        ("cancel", story => story.Ask(RequestKind.Cancel)),
        ("rollback", story => story.Ask(RequestKind.Rollback)),
        ("take-over", story => story.TakeOver()),
    ];

    private static Workflows.Fleets.RefreshPolicy Baking => Story.Calm with { Waves = new() { Bake = TimeSpan.FromMinutes(1) } };

    [Fact]
    public void What_comes_at_each_step_leads_to_what_the_approved_table_says()
    {
        var table = new StringBuilder();
        foreach (var (step, at) in s_steps)
        {
            table.Append("a member ").Append(step).Append('\n');
            foreach (var (comes, what) in s_coming)
            {
                var story = at();
                what(story);
                table.Append("    ").Append(comes.PadRight(14)).Append("-> ").Append(Standing(story)).Append('\n');
            }
        }

        Approved.Equal("Decisions/reactions", table.ToString());
    }

    private static Story Back() => new Story().ToTheEnd().Ask(RequestKind.Rollback);

    private static void PeerGoesBad(Story story)
    {
        if (story.Run.Open.Values.OfType<WatchPeer>().SingleOrDefault() is { } watch)
            story.Decide(new Arrived(watch.Id, new Watched([Story.Bad], [], 2)));
    }

    private static string Standing(Story story)
    {
        var pair = story.Run.Pairs["web-1"];
        var open = string.Join(' ', story.OpenOf("web-1").DefaultIfEmpty("nothing open"));
        var refused = story.Last.OfType<RequestAnswered>().Any(answer => answer.Refusal is not null) ? " (turned down)" : string.Empty;
        return $"run {story.Run.State}, pair {pair.State}, a {pair.First.State}, b {pair.Second.State}: {open}{refused}";
    }
}
