using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>Who is told what; docs/notifications.md has the table.</summary>
/// <param name="Channels">The channels, by name.</param>
internal sealed record NoticeSettings(IReadOnlyList<ChannelSettings> Channels)
{
    /// <summary>The secrets, by the settings that name them, and what else they must be.</summary>
    public IEnumerable<(string Name, SecretSource Source, Func<string, string?>? Wrong)> Secrets() =>
        Channels.Where(channel => channel.Secret is not null).Select(channel => ($"notifications.{channel.Name}.{channel.SecretName}", channel.Secret!, channel.WrongSecret));
}

/// <summary>What a channel is.</summary>
internal enum ChannelKind
{
    /// <summary>A Slack channel through a bot.</summary>
    Slack,

    /// <summary>An incoming webhook of Slack.</summary>
    SlackWebhook,

    /// <summary>A workflow of Microsoft Teams.</summary>
    Teams,

    /// <summary>A Mattermost channel through a bot.</summary>
    Mattermost,

    /// <summary>An incoming webhook of Mattermost.</summary>
    MattermostWebhook,

    /// <summary>Mail.</summary>
    Mail,

    /// <summary>CloudEvents over HTTP.</summary>
    CloudEvents,
}

/// <summary>One channel.</summary>
internal sealed record ChannelSettings
{
    public required string Name { get; init; }

    public required ChannelKind Kind { get; init; }

    /// <summary>Only these fleets; empty for all.</summary>
    public IReadOnlyList<string> Fleets { get; init; } = [];

    /// <summary>Nothing below this level.</summary>
    public NoticeLevel Level { get; init; }

    /// <summary>Only these kinds, <c>run.*</c> for all of one sort.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>How notices are written, by kind; <c>*</c> for all others.</summary>
    public IReadOnlyDictionary<string, Template> Templates { get; init; } = new Dictionary<string, Template>();

    /// <summary>The secret: token, address, password or key.</summary>
    public SecretSource? Secret { get; init; }

    /// <summary>The setting that names the secret.</summary>
    public string SecretName { get; init; } = string.Empty;

    /// <summary>What else the secret must be.</summary>
    public Func<string, string?>? WrongSecret { get; init; }

    /// <summary>The server or receiver, where that is no secret.</summary>
    public Uri? Address { get; init; }

    /// <summary>The channel's id in its chat program.</summary>
    public string Channel { get; init; } = string.Empty;

    /// <summary>The source of events.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>The whole event in the body.</summary>
    public bool Structured { get; init; }

    public MailServer? Mail { get; init; }

    /// <summary>Whether the channel is told of a notice.</summary>
    public bool Wants(Notice notice) =>
        (Fleets.Count == 0 || Fleets.Contains(notice.Fleet)) && notice.Level >= Level && Events.Any(pattern => Fits(pattern, notice.Kind));

    /// <summary>Whether the channel is told of a fleet at all.</summary>
    public bool Follows(string fleet) => Fleets.Count == 0 || Fleets.Contains(fleet);

    /// <summary>How a notice is written.</summary>
    public Template TemplateFor(string kind) => Templates.GetValueOrDefault(kind) ?? Templates.GetValueOrDefault("*") ?? Template.Standard;

    /// <summary>Whether a pattern is for a kind.</summary>
    public static bool Fits(string pattern, string kind) => pattern == "*" || pattern == kind || (pattern.EndsWith(".*", StringComparison.Ordinal) && kind.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
