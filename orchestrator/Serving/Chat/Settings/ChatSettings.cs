using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Chat.Settings;

/// <summary>Who may talk to the service from outside; docs/chatops.md has the table.</summary>
internal sealed record ChatSettings
{
    /// <summary>Webhooks by name; the name is the end of the address.</summary>
    public IReadOnlyDictionary<string, HookSettings> Hooks { get; init; } = new Dictionary<string, HookSettings>();

    /// <summary>People by name, with their accounts in chat.</summary>
    public IReadOnlyDictionary<string, PersonSettings> People { get; init; } = new Dictionary<string, PersonSettings>();

    /// <summary>How long what was announced can be confirmed.</summary>
    public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The secrets, by the settings that name them, and what else they must be.</summary>
    public IEnumerable<(string Name, SecretSource Source, Func<string, string?>? Wrong)> Secrets() =>
        Hooks.Values.SelectMany(hook => hook.Keys.Select((source, place) => ($"webhooks.{hook.Name}.{(place == 0 ? "key" : "previousKey")}", source, (Func<string, string?>?)VendorList.Of(hook.Vendor).WrongKey)));

    /// <summary>Who has an account; null when nobody does.</summary>
    public (string Person, Grants Grants)? Find(Account account) =>
        People.FirstOrDefault(person => person.Value.Accounts.Contains(account)) is { Key: { } name, Value: { } person } ? (name, person.Grants) : null;
}

/// <summary>Whose signature a webhook has.</summary>
internal enum Vendor
{
    /// <summary>Slack slash commands and buttons.</summary>
    Slack,

    /// <summary>A Microsoft Teams outgoing webhook.</summary>
    Teams,

    /// <summary>Mattermost slash commands and outgoing webhooks.</summary>
    Mattermost,

    /// <summary>GitHub: an image was published.</summary>
    GitHub,

    /// <summary>Anything that signs as Standard Webhooks does.</summary>
    Standard,
}

/// <summary>One webhook.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Vendor">Whose it is.</param>
/// <param name="Keys">The key, and the one before it while both hold.</param>
internal sealed record HookSettings(string Name, Vendor Vendor, IReadOnlyList<SecretSource> Keys)
{
    /// <summary>Where late answers may be sent: origins, and no others.</summary>
    public IReadOnlyList<Uri> AnswerTo { get; init; } = [];

    /// <summary>The address of the webhook as its chat reaches it, where buttons need it; null for no buttons.</summary>
    public Uri? Url { get; init; }

    /// <summary>The channel of notifications that late answers are posted to, where the vendor has no address for them; null for none.</summary>
    public string? AnswerIn { get; init; }

    /// <summary>What the sender may do, where a machine signs and no person is behind it.</summary>
    public Grants Grants { get; init; } = new([]);

    /// <summary>What is done for an image that was published.</summary>
    public PublishedSettings? Published { get; init; }
}

/// <summary>What is done for an image that was published.</summary>
/// <param name="Image">The image's name; its version is that of the release.</param>
/// <param name="Repository">Only of this repository, <c>owner/name</c>; null for any that has the key.</param>
/// <param name="Workflow">The workflow whose success publishes it; null when a release does.</param>
/// <param name="Fleets">What each fleet does then.</param>
internal sealed record PublishedSettings(string? Image, string? Repository, string? Workflow, IReadOnlyDictionary<string, OnImage> Fleets);

/// <summary>What a fleet does when an image for it was published.</summary>
internal enum OnImage
{
    /// <summary>People are told, with the plan, and somebody starts it or nobody does.</summary>
    Propose,

    /// <summary>A run starts, or waits until the fleet is free.</summary>
    Start,
}

/// <summary>One person.</summary>
/// <param name="Accounts">Their accounts.</param>
/// <param name="Grants">What they may do.</param>
internal sealed record PersonSettings(IReadOnlyList<Account> Accounts, Grants Grants);

/// <summary>Somebody's account in a chat program: known by ids, never by a name that can be changed.</summary>
/// <param name="Hook">The webhook.</param>
/// <param name="Team">The id of the team, workspace or tenant.</param>
/// <param name="User">The id of the user.</param>
internal sealed record Account(string Hook, string Team, string User)
{
    /// <summary>Reads <c>HOOK:TEAM/USER</c>; null when it is none.</summary>
    public static Account? Parse(string text) =>
        text.Split(':', 2) is [{ Length: > 0 } hook, var rest] && rest.Split('/') is [{ Length: > 0 } team, { Length: > 0 } user] ? new Account(hook, team, user) : null;

    /// <inheritdoc />
    public override string ToString() => $"{Hook}:{Team}/{User}";
}
