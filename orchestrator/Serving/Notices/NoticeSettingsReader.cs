using MimeKit;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>Reads <c>notifications</c>, and tells every mistake.</summary>
internal sealed class NoticeSettingsReader(SecretReader secrets)
{
    /// <summary>What people are told unless they ask for something else; programs are told all.</summary>
    private static readonly string[] s_forPeople = ["run.*", "pair.frozen", "member.waiting", "image.*", "audit.*"];

    private static readonly Dictionary<string, ChannelKind> s_kinds = new(StringComparer.Ordinal)
    {
        ["slack"] = ChannelKind.Slack,
        ["slack-webhook"] = ChannelKind.SlackWebhook,
        ["teams"] = ChannelKind.Teams,
        ["mattermost"] = ChannelKind.Mattermost,
        ["mattermost-webhook"] = ChannelKind.MattermostWebhook,
        ["mail"] = ChannelKind.Mail,
        ["cloudevents"] = ChannelKind.CloudEvents,
    };

    public NoticeSettings Read(SettingReader root) => new([.. root.Sections("notifications", Channel).Values.OfType<ChannelSettings>()]);

    private ChannelSettings? Channel(string name, SettingReader section)
    {
        var text = section.Text("to");
        var known = text is not null && s_kinds.ContainsKey(text);
        if (!known)
            section.Wrong("to", text is null ? $"is missing: {string.Join(", ", s_kinds.Keys)}" : $"is '{text}'; {Suggestion.For(text, s_kinds.Keys)}");
        var kind = known ? s_kinds[text!] : (ChannelKind?)null;
        var events = Events(section);
        var channel = new ChannelSettings
        {
            Name = name,
            Kind = kind ?? default,
            Fleets = section.Texts("fleets"),
            Level = Level(section),
            Events = events.Count > 0 ? events : kind == ChannelKind.CloudEvents ? ["*"] : s_forPeople,
            Templates = Templates(section),
        };
        if (kind is null)
            section.Ignore("token", "channel", "api", "url", "server", "host", "port", "security", "user", "password", "from", "recipients", "key", "source", "structured");
        return kind is { } what ? Of(channel, what, section) : null;
    }

    private ChannelSettings Of(ChannelSettings channel, ChannelKind kind, SettingReader section) => kind switch
    {
        ChannelKind.Slack => Secret(channel, section, "token", null) with { Channel = Needed(section, "channel"), Address = Address(section, "api", "https://slack.com/api/") },
        ChannelKind.Mattermost => Secret(channel, section, "token", null) with { Channel = Needed(section, "channel"), Address = Address(section, "server", null) },
        ChannelKind.Mail => Mail(channel, section),
        ChannelKind.CloudEvents => Secret(channel, section, "key", WrongKey, needed: false) with { Address = Address(section, "url", null), Source = section.Text("source") ?? "urn:refresh", Structured = section.Truth("structured") },
        _ => Secret(channel, section, "url", WrongUrl),
    };

    private ChannelSettings Secret(ChannelSettings channel, SettingReader section, string key, Func<string, string?>? wrong, bool needed = true)
    {
        var secret = secrets.Optional(section, key);
        if (needed && secret is null)
            section.Wrong(key, "is missing");
        return channel with { Secret = secret, SecretName = key, WrongSecret = wrong };
    }

    private ChannelSettings Mail(ChannelSettings channel, SettingReader section)
    {
        var (from, to) = (Needed(section, "from"), section.Texts("recipients"));
        foreach (var address in to.Append(from).Where(address => address.Length > 0 && !(MailboxAddress.TryParse(address, out var box) && box.Domain.Length > 0)))
            section.Wrong(address == from ? "from" : "recipients", $"has '{address}', which is no mail address");
        if (to.Count == 0)
            section.Wrong("recipients", "is missing: who gets the mail");
        var security = section.Text("security") ?? "starttls";
        if (!Enum.TryParse<MailSecurity>(security, ignoreCase: true, out var kept) || int.TryParse(security, out _))
            section.Wrong("security", $"is '{security}' and must be starttls, tls or none");
        var read = Secret(channel, section, "password", null, needed: false);
        var user = section.Text("user");
        if (user is null != read.Secret is null)
            section.Wrong(user is null ? "user" : "password", "is missing: user and password belong together");
        return read with { Mail = new MailServer(Needed(section, "host"), section.Number("port", kept == MailSecurity.Tls ? 465 : 587, 1, 65535), kept, from, to) { User = user } };
    }

    private static string Needed(SettingReader section, string key)
    {
        if (section.Text(key) is { } text)
            return text;
        section.Wrong(key, "is missing");
        return string.Empty;
    }

    private static Uri? Address(SettingReader section, string key, string? normal)
    {
        if ((section.Text(key) ?? normal) is not { } text)
            section.Wrong(key, "is missing");
        else if (WrongUrl(text) is { } wrong)
            section.Wrong(key, $"is '{text}', which {wrong}");
        else
            return new Uri(text.EndsWith('/') || key == "url" ? text : text + "/");
        return null;
    }

    private static string? WrongUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.UserInfo.Length == 0 ? null : "is not an http or https address";

    private static string? WrongKey(string text) => StandardWebhook.Key(text) is null ? "is not whsec_ and base64 of 24 to 64 bytes" : null;

    private static NoticeLevel Level(SettingReader section)
    {
        if (section.Text("level") is not { } text)
            return NoticeLevel.Info;
        if (!Enum.TryParse<NoticeLevel>(text, ignoreCase: true, out var level) || int.TryParse(text, out _))
            section.Wrong("level", $"is '{text}' and must be info, warn or error");
        return level;
    }

    private static IReadOnlyList<string> Events(SettingReader section)
    {
        var events = section.Texts("events");
        foreach (var pattern in events.Where(pattern => !NoticeKind.All.Any(kind => ChannelSettings.Fits(pattern, kind))))
            section.Wrong("events", $"has '{pattern}'; {Suggestion.For(pattern, [.. NoticeKind.All])}");
        return events;
    }

    private static Dictionary<string, Template> Templates(SettingReader section)
    {
        var templates = new Dictionary<string, Template>(StringComparer.Ordinal);
        foreach (var (kind, text) in section.Entries("templates"))
        {
            var (template, wrong) = Template.Parse(text);
            if (kind != "*" && kind != NoticeKind.Status && !NoticeKind.All.Contains(kind))
                section.Wrong($"templates.{kind}", $"is for no event; {Suggestion.For(kind, [NoticeKind.Status, .. NoticeKind.All])}");
            else if (template is null)
                section.Wrong($"templates.{kind}", wrong!);
            else
                templates[kind] = template;
        }

        return templates;
    }
}
