using System.Text.RegularExpressions;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Chat.Settings;

/// <summary>Reads <c>webhooks</c>, <c>people</c> and <c>confirmWithin</c>, and tells every mistake.</summary>
internal sealed partial class ChatSettingsReader(SecretReader secrets)
{
    private static readonly string[] s_vendors = [.. Enum.GetNames<Vendor>().Select(name => name.ToLowerInvariant())];

    public ChatSettings Read(SettingReader root)
    {
        var hooks = root.Sections("webhooks", Hook);
        foreach (var name in hooks.Keys.Where(name => !HookName().IsMatch(name)))
            root.Wrong($"webhooks.{name}", "is no name for an address: lower-case letters, digits and dashes");
        var read = hooks.Where(hook => hook.Value is not null).ToDictionary(hook => hook.Key, hook => hook.Value!, StringComparer.Ordinal);
        var people = root.Sections("people", section => Person(section, read));
        return new ChatSettings
        {
            Hooks = read,
            People = people,
            ConfirmWithin = root.Duration("confirmWithin", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10)),
        };
    }

    private HookSettings? Hook(string name, SettingReader section)
    {
        var vendor = Vendor(section);
        var keys = new[] { secrets.Optional(section, "key"), secrets.Optional(section, "previousKey") };
        if (keys[0] is null)
            section.Wrong("key", "is missing: what the sender signs with");
        var hook = vendor is { } known ? Of(name, known, section) with { Keys = [.. keys.OfType<SecretSource>()] } : null;
        if (vendor is null)
            section.Ignore("answerTo", "answerIn", "url", "roles", "image", "repository", "workflow", "fleets");
        return hook;
    }

    private static HookSettings Of(string name, Vendor vendor, SettingReader section) => vendor switch
    {
        Settings.Vendor.Slack => new HookSettings(name, vendor, []) { AnswerTo = Origins(section, "https://hooks.slack.com") },
        Settings.Vendor.Teams => new HookSettings(name, vendor, []) { AnswerIn = section.Text("answerIn") },
        Settings.Vendor.Mattermost => new HookSettings(name, vendor, []) { AnswerTo = Origins(section), Url = Url(name, section) },
        Settings.Vendor.GitHub => new HookSettings(name, vendor, []) { Published = Published(section, named: true) },
        Settings.Vendor.Standard => new HookSettings(name, vendor, []) { Grants = Grants(section), Published = Published(section, named: false) },
        _ => new HookSettings(name, vendor, []),
    };

    private static Vendor? Vendor(SettingReader section)
    {
        var text = section.Text("vendor");
        if (text is null)
            section.Wrong("vendor", $"is missing: {string.Join(", ", s_vendors)}");
        else if (!s_vendors.Contains(text, StringComparer.Ordinal))
            section.Wrong("vendor", $"is '{text}'; {Suggestion.For(text, s_vendors)}");
        else
            return Enum.Parse<Vendor>(text, ignoreCase: true);
        return null;
    }

    private static List<Uri> Origins(SettingReader section, params string[] normal)
    {
        var origins = new List<Uri>();
        var texts = section.Texts("answerTo");
        foreach (var text in texts.Count > 0 ? texts : normal)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "https" or "http" && origin is { PathAndQuery: "/", UserInfo: "" })
                origins.Add(origin);
            else
                section.Wrong("answerTo", $"has '{text}', which is not an origin such as https://hooks.slack.com");
        }

        return origins;
    }

    private static Uri? Url(string name, SettingReader section)
    {
        if (section.Text("url") is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url is { UserInfo: "", Query: "", Fragment: "" } && url.AbsolutePath.EndsWith($"/hooks/{name}", StringComparison.Ordinal))
            return url;
        section.Wrong("url", $"is '{text}', which is not the address of this webhook, such as https://refresh.example/hooks/{name}");
        return null;
    }

    private static PublishedSettings? Published(SettingReader section, bool named)
    {
        var image = named ? section.Text("image") : null;
        var (repository, workflow) = named ? (section.Text("repository"), section.Text("workflow")) : (null, null);
        var fleets = new Dictionary<string, OnImage>(StringComparer.Ordinal);
        foreach (var (fleet, text) in section.Entries("fleets"))
        {
            if (text is "start" or "propose")
                fleets[fleet] = text == "start" ? OnImage.Start : OnImage.Propose;
            else
                section.Wrong($"fleets.{fleet}", $"is '{text}' and must be start or propose");
        }

        if (named && image is null)
            section.Wrong("image", "is missing: the name of the image that is published");
        if (named && section.Entries("fleets").Count == 0)
            section.Wrong("fleets", "is missing: the fleets that get the image, each with start or propose");
        return fleets.Count == 0 ? null : new PublishedSettings(image, repository, workflow, fleets);
    }

    private static PersonSettings Person(SettingReader section, Dictionary<string, HookSettings> hooks)
    {
        var accounts = new List<Account>();
        foreach (var text in section.Texts("accounts"))
        {
            if (Account.Parse(text) is not { } account)
                section.Wrong("accounts", $"has '{text}', which is not WEBHOOK:TEAM/USER");
            else if (!hooks.ContainsKey(account.Hook))
                section.Wrong("accounts", $"has '{text}', and there is no webhook '{account.Hook}'");
            else
                accounts.Add(account);
        }

        if (accounts.Count == 0)
            section.Wrong("accounts", "is missing: WEBHOOK:TEAM/USER, with the ids of the chat program");
        return new PersonSettings(accounts, Grants(section));
    }

    private static Grants Grants(SettingReader section)
    {
        var texts = section.Texts("roles");
        foreach (var text in texts.Where(text => Grant.Parse(text) is null))
            section.Wrong("roles", $"has '{text}', which is not {string.Join(", ", Enum.GetNames<Role>().Select(role => role.ToLowerInvariant()))}, or ROLE@FLEET");
        return new Grants([.. texts.Select(Grant.Parse).OfType<Grant>()]);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex HookName();
}
