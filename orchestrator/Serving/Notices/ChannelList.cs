using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Notices;

/// <summary>The channels with what sends to them.</summary>
internal sealed class ChannelList : IDisposable
{
    private readonly Dictionary<string, Channel> _channels;

    public ChannelList(ServeSettings settings, SecretStore secrets, TimeProvider clock) =>
        _channels = settings.Notices.Channels.ToDictionary(
            channel => channel.Name,
            channel => new Channel(channel, Make(channel, channel.Secret is { } secret ? secrets.Get(secret) : null, new NoticeHttp(clock)), Fingerprint(channel, secrets)),
            StringComparer.Ordinal);

    public IReadOnlyCollection<Channel> All => _channels.Values;

    /// <summary>The channel of a name that the settings have.</summary>
    public Channel this[string name] => _channels[name];

    /// <summary>Whether a channel's messages can be edited.</summary>
    public bool Edits(string channel) => _channels[channel].Notifier.Edits;

    /// <summary>Has every channel look at once.</summary>
    public void Nudge()
    {
        foreach (var channel in All)
        {
            try
            {
                channel.Signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // It looks anyway.
            }
        }
    }

    public void Dispose()
    {
        foreach (var channel in All)
        {
            channel.Notifier.Dispose();
            channel.Signal.Dispose();
        }
    }

    private static INotifier Make(ChannelSettings channel, string? secret, NoticeHttp http) => channel.Kind switch
    {
        ChannelKind.Slack => new SlackNotifier(channel.Address!, secret!, channel.Channel, http),
        ChannelKind.SlackWebhook => new TextWebhookNotifier(new Uri(secret!), SlackNotifier.Escaped, http),
        ChannelKind.Teams => new TeamsNotifier(new Uri(secret!), http),
        ChannelKind.Mattermost => new MattermostNotifier(channel.Address!, secret!, channel.Channel, http),
        ChannelKind.MattermostWebhook => new TextWebhookNotifier(new Uri(secret!), Markdown.Escape, http),
        ChannelKind.Mail => new MailNotifier(channel.Mail! with { Password = secret }, http.Clock),
        _ => new CloudEventNotifier(channel.Address!, channel.Source, secret is null ? null : StandardWebhook.Key(secret), channel.Structured, http),
    };

    // A receiver that wanted nothing more is asked again when its settings are others.
    private static string Fingerprint(ChannelSettings channel, SecretStore secrets) => SecretHash.Of(
        $"{channel.Kind} {channel.Address} {channel.Channel} {channel.Mail?.Host} {(channel.Secret is { } secret ? secrets.Get(secret) : string.Empty)}")[..16];
}

/// <summary>A channel with what sends to it.</summary>
/// <param name="Settings">How it is set up.</param>
/// <param name="Notifier">What sends.</param>
/// <param name="Fingerprint">Changes when its receiver does.</param>
internal sealed record Channel(ChannelSettings Settings, INotifier Notifier, string Fingerprint)
{
    /// <summary>Wakes who sends.</summary>
    public SemaphoreSlim Signal { get; } = new(0, 1);
}
