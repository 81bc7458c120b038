using System.Net;
using System.Net.Sockets;
using System.Text;
using Refresh.Orchestrator.Notifications;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Notifications;

public sealed class MailTests
{
    private static readonly Notice s_notice = new("r1-3", NoticeKind.RunFailed, NoticeLevel.Error, "shop", "run r1 failed", "ada") { Run = "r1", Image = "web@1.2.0" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_plain_text_in_the_thread_of_its_run()
    {
        using var server = new SmtpSink();
        using var notifier = Make(server.Port);
        var receipt = await notifier.SendAsync(s_notice, "shop: näher besehen\n.hidden", new NoticePlace(null, false), Cancellation);
        Assert.True(receipt.Fate == NoticeFate.Sent, receipt.Detail);
        var mail = await server.NextAsync(Cancellation);
        Assert.Contains("MAIL FROM:<refresh@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<grace@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains("Subject: [refresh] shop to web@1.2.0 (run r1)", mail, StringComparison.Ordinal);
        Assert.Contains("Message-Id: <r1-3@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains("References: <r1@example.org>", mail, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", mail, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/plain", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_or_is_not_there_is_a_failure_and_no_exception()
    {
        using var server = new SmtpSink { Refuses = true };
        using var refused = Make(server.Port);
        Assert.Contains("no mail today", (await refused.SendAsync(s_notice, "x", new NoticePlace(null, false), Cancellation)).Detail, StringComparison.Ordinal);
        using var nobody = Make(9);
        Assert.Equal(NoticeFate.Failed, (await nobody.SendAsync(s_notice, "x", new NoticePlace(null, false), Cancellation)).Fate);
        using var plain = new MailNotifier(new MailServer("127.0.0.1", server.Port, MailSecurity.StartTls, "refresh@example.org", ["grace@example.org"]), TimeProvider.System);
        Assert.Equal(NoticeFate.Failed, (await plain.SendAsync(s_notice, "x", new NoticePlace(null, false), Cancellation)).Fate);
    }

    private static MailNotifier Make(int port) => new(new MailServer("127.0.0.1", port, MailSecurity.None, "refresh@example.org", ["ada@example.org", "Grace <grace@example.org>"]), TimeProvider.System);
}

/// <summary>A mail server that keeps what it is sent.</summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly System.Threading.Channels.Channel<string> _mails = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public SmtpSink()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool Refuses { get; set; }

    public async Task<string> NextAsync(CancellationToken cancellation) => await _mails.Reader.ReadAsync(cancellation);

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
                _ = TalkAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 sink");
        var mail = new StringBuilder();
        var data = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            mail.AppendLine(line);
            if (data && line != ".")
                continue;
            if (data)
            {
                data = false;
                _mails.Writer.TryWrite(mail.ToString());
                await writer.WriteLineAsync("250 kept");
                continue;
            }

            data = line == "DATA";
            await writer.WriteLineAsync(line.Split(' ')[0] switch
            {
                "EHLO" or "HELO" => "250 sink",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                "MAIL" when Refuses => "451 no mail today",
                _ => "250 well",
            });
        }
    }
}
