using CsCheck;
using Refresh.Orchestrator.Serving.Chat.Grammar;
using Refresh.Orchestrator.Tests.Fuzzing;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

public sealed class GrammarTests
{
    private static readonly Gen<string> s_name = Gen.OneOf("shop", "web-1", "a.b_c", "x9");
    private static readonly Gen<string?> s_why = Gen.OneOf<string?>(null, "November patches", "at window because queued");

    private static readonly Gen<ChatCommand> s_command = Gen.OneOf<ChatCommand>(
        Gen.Const<ChatCommand>(new HelpCommand(null)),
        s_name.Select(name => (ChatCommand)new StatusCommand(name)),
        s_name.Select(name => (ChatCommand)new PlanCommand(name, "web@1.2.0")),
        s_name.Select(name => (ChatCommand)new WhyCommand(name + "/" + name)),
        Gen.Select(s_name, Gen.OneOf<string?>(null, "web", "web@1.2.0"), Gen.OneOf(When.AsFleet, When.AtWindow), Gen.Bool, s_why).Select(terms => (ChatCommand)new RefreshCommand(terms.Item1, terms.Item2, terms.Item3, terms.Item4, terms.Item5)),
        Gen.Select(Gen.OneOf(RequestKind.Pause, RequestKind.Resume, RequestKind.Cancel, RequestKind.Rollback), Gen.OneOf<string?>(null, "shop", "h3k9"), s_why).Select(terms => (ChatCommand)new AskCommand(terms.Item1, terms.Item2, terms.Item3)));

    [Fact]
    public void Every_command_of_the_list_is_understood()
    {
        Assert.Equal(new StatusCommand(null), ChatGrammar.Parse("status"));
        Assert.Equal(new StatusCommand("shop"), ChatGrammar.Parse("  STATUS\u00A0shop\u200B "));
        Assert.Equal(new PlanCommand("shop", "web@1.2.0"), ChatGrammar.Parse("plan shop web@1.2.0"));
        Assert.Equal(new RefreshCommand("shop", null, When.AsFleet, false, null), ChatGrammar.Parse("refresh shop"));
        Assert.Equal(new RefreshCommand("shop", "web", When.AtWindow, true, "of CVE-2026-1"), ChatGrammar.Parse("refresh shop web at window queued because of CVE-2026-1"));
        Assert.Equal(new RefreshCommand("shop", null, When.OutsideWindows, false, "it burns"), ChatGrammar.Parse("refresh shop outside windows because it burns"));
        Assert.Equal(new AskCommand(RequestKind.Approve, "h3k9", null), ChatGrammar.Parse("approve h3k9"));
        foreach (var kind in new[] { RequestKind.Pause, RequestKind.Resume, RequestKind.Cancel, RequestKind.Rollback })
            Assert.Equal(new AskCommand(kind, null, null), ChatGrammar.Parse(kind.ToString()));
        Assert.Equal(new WhyCommand("web-1"), ChatGrammar.Parse("why web-1"));
        Assert.Equal(new ConfirmCommand("ABCDE23456"), ChatGrammar.Parse("confirm abcde-23456"));
        Assert.Equal(new HelpCommand("plan"), ChatGrammar.Parse("help plan"));
        Assert.Equal(new HelpCommand(null), ChatGrammar.Parse(" "));
    }

    [Theory]
    [InlineData("refersh shop", "did you mean 'refresh'?")]
    [InlineData("staus", "did you mean 'status'?")]
    [InlineData("xyzzy12345", "known here: status")]
    [InlineData("plan", "plan FLEET [IMAGE]")]
    [InlineData("approve", "approve RUN")]
    [InlineData("status a b", "status [FLEET]")]
    [InlineData("refresh shop web at noon", "refresh FLEET")]
    [InlineData("refresh shop at window at window", "refresh FLEET")]
    [InlineData("refresh shop outside windows", "because")]
    [InlineData("pause because", "a reason is wanted")]
    [InlineData("status because x", "status [FLEET]")]
    [InlineData("status ../etc", "is not a name")]
    [InlineData("plan shop web@1@2", "is not an image")]
    [InlineData("confirm x", "not a code")]
    public void What_is_no_command_is_told_with_what_would_be_right(string text, string told) =>
        Assert.Contains(told, Assert.IsType<Misread>(ChatGrammar.Parse(text)).What, StringComparison.Ordinal);

    [Fact]
    [Trait(Fuzz.Trait, "chat")]
    public void What_a_command_is_written_as_is_read_as_the_same_command() =>
        s_command.Sample(command => Assert.Equal(command, ChatGrammar.Parse(command.Text)));

    [Fact]
    [Trait(Fuzz.Trait, "chat")]
    public void Whatever_is_written_is_answered_and_what_is_understood_can_be_written_again() =>
        Gen.OneOf<string>(
            Gen.String,
            Gen.Select(Gen.OneOf("refresh", "status", "confirm", "pause", "why", "because", "help"), Gen.String).Select(words => $"{words.Item1} {words.Item2}"),
            Gen.OneOf("refresh", "shop", "at", "window", "outside", "windows", "queued", "because", "web@1", "\0", "<!channel>").Array[0, 8].Select(words => string.Join(' ', words)))
        .Sample(text =>
        {
            var command = ChatGrammar.Parse(text);
            if (command is not Misread)
                Assert.Equal(command, ChatGrammar.Parse(command.Text));
        });

    [Fact]
    public void A_code_is_known_by_its_hash_alone()
    {
        var code = ChatCode.New();
        Assert.Equal(code, ChatCode.Plain(ChatCode.Shown(code).ToLowerInvariant()));
        Assert.NotEqual(code, ChatCode.Hash(code));
        Assert.Null(ChatCode.Plain(ChatCode.Hash(code)));
    }

    [Fact]
    public async Task The_page_has_every_command()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Docs, "chatops.md"), TestContext.Current.CancellationToken);
        foreach (var usage in Usage.All)
            Assert.Contains($"| `{usage.Form.Replace("|", "\\|", StringComparison.Ordinal)}` | {usage.Meaning} |", page, StringComparison.Ordinal);
    }
}
