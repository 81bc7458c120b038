using CsCheck;
using Refresh.Orchestrator.Windows;
using Refresh.Workflows.Windows;
using Xunit;

namespace Refresh.Orchestrator.Tests.Windows;

/// <summary>Merging and taking out, held to minute by minute reckoning.</summary>
public sealed class SpansTests
{
    private const int Minutes = 60;
    private static readonly DateTimeOffset s_zero = DateTimeOffset.UnixEpoch;

    private static readonly Gen<PatchWindow> s_span = Gen.Select(Gen.Int[0, Minutes], Gen.Int[0, Minutes]).Select((from, to) => new PatchWindow(s_zero.AddMinutes(from), s_zero.AddMinutes(to)));

    [Fact]
    public void What_is_left_is_what_is_in_one_of_the_spans_and_in_none_that_is_taken_out() =>
        Gen.Select(s_span.List[0, 6], s_span.List[0, 6]).Sample((open, taken) =>
        {
            var left = Spans.Without(Spans.Merge(open), Spans.Merge(taken)).ToList();
            for (var minute = 0; minute < Minutes; minute++)
            {
                var at = s_zero.AddMinutes(minute);
                Assert.Equal(open.Exists(span => span.Holds(at)) && !taken.Exists(span => span.Holds(at)), left.Exists(span => span.Holds(at)));
            }

            Assert.All(left, span => Assert.True(span.Length > TimeSpan.Zero));
            Assert.All(left.Zip(left.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
        });
}
