using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Notifications;

/// <summary>How mail is sent.</summary>
/// <param name="Host">The SMTP server.</param>
/// <param name="Port">Its port.</param>
/// <param name="Security">How the connection is kept.</param>
/// <param name="From">Who sends.</param>
/// <param name="To">Who gets it, at least one.</param>
public sealed record MailServer(string Host, int Port, MailSecurity Security, string From, IReadOnlyList<string> To)
{
    /// <summary>The user, where the server wants one; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }
}

/// <summary>How a connection to a mail server is kept.</summary>
public enum MailSecurity
{
    /// <summary>TLS by STARTTLS, and nothing is sent without.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>None: for a relay on the same machine.</summary>
    None,
}

/// <summary>Mail over SMTP: plain text, the mails of a run in one thread.</summary>
/// <param name="server">How it is sent.</param>
/// <param name="clock">The only clock.</param>
public sealed class MailNotifier(MailServer server, TimeProvider clock) : INotifier
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public bool Edits => false;

    /// <inheritdoc />
    public string Escape(string value) => value;

    /// <inheritdoc />
    public async Task<NoticeReceipt> SendAsync(Notice notice, string text, NoticePlace place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(notice);
        ArgumentNullException.ThrowIfNull(text);
        using var timer = new CancellationTokenSource(s_patience, clock);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            using var mail = Mail(notice, text);
            using var smtp = new SmtpClient();
            await smtp.ConnectAsync(server.Host, server.Port, Options(server.Security), bound.Token);
            if (server is { User: { } user, Password: { } password })
                await smtp.AuthenticateAsync(user, password, bound.Token);
            await smtp.SendAsync(mail, bound.Token);
            await smtp.DisconnectAsync(true, CancellationToken.None);
            return new NoticeReceipt(NoticeFate.Sent, $"{server.Host} has it");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new NoticeReceipt(NoticeFate.Failed, string.Create(CultureInfo.InvariantCulture, $"{server.Host} did not take the mail in {s_patience.TotalSeconds:0} seconds"));
        }
        catch (Exception failure) when (failure is IOException or SocketException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or ServiceNotConnectedException or NotSupportedException)
        {
            return new NoticeReceipt(NoticeFate.Failed, $"{server.Host} did not take the mail: {failure.Message.Split('\n')[0]}");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Each mail has a connection of its own.
    }

    private MimeMessage Mail(Notice notice, string text)
    {
        var mail = new MimeMessage { Date = clock.GetUtcNow(), MessageId = Id(notice.Id), Body = new TextPart("plain") { Text = text + "\n" } };
        mail.From.Add(MailboxAddress.Parse(server.From));
        mail.To.AddRange(server.To.Select(MailboxAddress.Parse));
        mail.Subject = Subject(notice);
        if (notice.Run is { } run)
        {
            mail.InReplyTo = Id(run);
            mail.References.Add(Id(run));
        }

        mail.Headers["Auto-Submitted"] = "auto-generated";
        if (notice.Level == NoticeLevel.Error)
            mail.Importance = MessageImportance.High;
        return mail;
    }

    // What mail programs put in one thread has one subject, too.
    private static string Subject(Notice notice) => notice.Run is null ? $"[refresh] {notice.Fleet}: {notice.Kind}" : $"[refresh] {notice.Fleet} to {notice.Image} (run {notice.Run})";

    private string Id(string id) => $"{id}@{MailboxAddress.Parse(server.From).Domain}";

    private static SecureSocketOptions Options(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
