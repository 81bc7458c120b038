using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Workflows.Tests;

public sealed class MemberIdTests
{
    [Fact]
    public void A_member_is_written_as_it_is_read() =>
        Assert.Equal("web-1/a", MemberId.Parse("web-1/a").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("web-1")]
    [InlineData("web-1/")]
    [InlineData("/a")]
    [InlineData("web/1/a")]
    public void What_is_not_two_names_is_refused(string text) =>
        Assert.Throws<FormatException>(() => MemberId.Parse(text));
}
