using System.Text;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>The vectors that the vendors document (reference: webhooks).</summary>
public sealed class SignatureTests
{
    [Fact]
    public void Slacks_example()
    {
        var body = Encoding.UTF8.GetBytes("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");
        const string Signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
        Assert.True(Slack.IsSigned("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body, Signature));
        Assert.False(Slack.IsSigned("8f742231b10e8888abcd99yyyzzz85a5", "1531420619", body, Signature));
        Assert.False(Slack.IsSigned("8f742231b10e8888abcd99yyyzzz85a6", "1531420618", body, Signature));
        Assert.False(Slack.IsSigned("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body[..^1], Signature));
        Assert.False(Slack.IsSigned("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body, string.Empty));
    }

    [Fact]
    public void GitHubs_example()
    {
        var body = "Hello, World!"u8.ToArray();
        const string Signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        Assert.True(GitHub.IsSigned("It's a Secret to Everybody", body, Signature));
        Assert.False(GitHub.IsSigned("It's a Secret to Everybody", "Hello, World?"u8.ToArray(), Signature));
        Assert.False(GitHub.IsSigned("It's a Secret to Everybody", body, Signature.ToUpperInvariant()));
    }

    [Fact]
    public void Standard_Webhooks_example()
    {
        var key = StandardWebhook.Key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
        var body = """{"test": 2432232314}"""u8;
        const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        Assert.Equal(Signature, StandardWebhook.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), body));
        Assert.True(StandardWebhook.Verify(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body, $"v1a,other v1,AAAA {Signature}"));
        Assert.False(StandardWebhook.Verify(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265331", body, Signature));
        Assert.False(StandardWebhook.Verify(key, "other", "1614265330", body, Signature));
        Assert.Null(StandardWebhook.Key("whsec_c2hvcnQ="));
        Assert.Null(StandardWebhook.Key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    }

    [Fact]
    public void Teams_vector()
    {
        var body = """{"type":"message","text":"<at>refresh</at> abort run-42"}"""u8.ToArray();
        const string Key = "vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=";
        const string Header = "HMAC jh6JEEbkx2KDATEn3D7vu7162FKtmMuTXvMXD0B3hZg=";
        Assert.True(Teams.IsSigned(Key, body, Header));
        Assert.False(Teams.IsSigned(Key, body, Header[5..]));
        Assert.False(Teams.IsSigned("not base64!", body, Header));
    }

    [Theory]
    [InlineData("v1.2.0", "1.2.0")]
    [InlineData("web-1.2.0", "1.2.0")]
    [InlineData("web/v1.2.0", "1.2.0")]
    [InlineData("2026.11", "2026.11")]
    [InlineData("vintage", "vintage")]
    public void The_version_is_that_of_the_tag(string tag, string version) => Assert.Equal(version, GitHub.Version("web", tag));
}
