using CsCheck;
using Refresh.Orchestrator.Notifications;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Notifications;

public sealed class TemplateTests
{
    private static readonly Notice s_notice = new("r1-3", NoticeKind.RunFailed, NoticeLevel.Error, "shop", "run r1 failed", "ada") { Run = "r1", Why = "web-1/a <did> not come back" };

    [Theory]
    [InlineData("{fleet}: {text}", "shop: run r1 failed")]
    [InlineData("{{fleet}} {level}", "{fleet} error")]
    [InlineData("{fleet}[[ because {why}]][[ at {member}]]!", "shop because web-1/a &lt;did&gt; not come back!")]
    [InlineData("<!here> {run}[1]", "<!here> r1[1]")]
    [InlineData("", "")]
    public void Fields_are_written_escaped_and_what_has_none_is_left_out(string template, string text) =>
        Assert.Equal(text, Template.Parse(template).Template!.Write(s_notice, SlackNotifier.Escaped));

    [Theory]
    [InlineData("{flet}", "there is no such field")]
    [InlineData("{", "single {")]
    [InlineData("a } b", "single }")]
    [InlineData("[[ {why}", "without ]]")]
    [InlineData("]]", "without [[")]
    [InlineData("[[a[[b]]]]", "within [[")]
    public void What_is_wrong_with_a_template_is_told(string template, string wrong) => Assert.Contains(wrong, Template.Parse(template).Wrong, StringComparison.Ordinal);

    [Fact]
    public void Whatever_is_written_is_a_template_or_a_mistake() =>
        Gen.OneOf<string>(Gen.String, Gen.OneOf("{", "}", "{{", "}}", "[[", "]]", "[", "]", "{fleet}", "{why}", "x", "\n").Array[0, 12].Select(string.Concat)).Sample(text =>
        {
            var (template, wrong) = Template.Parse(text);
            Assert.True(template is null != wrong is null);
            template?.Write(s_notice, value => value);
        });
}
