using Refresh.Orchestrator.Serving.Chat.Settings;
using Refresh.Orchestrator.Serving.Chat.Vendors;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Chat.Hooks;

/// <summary>Gives an answer what its delivery lets it have: whether a button is answered, and buttons where their press needs a proof.</summary>
internal sealed class Buttons(SecretStore secrets)
{
    /// <summary>The reply as it is written for a delivery.</summary>
    public ChatReply On(HookSettings hook, HookTask task, ChatReply reply)
    {
        var pressed = reply with { Pressed = task.Button };
        if (hook is not { Vendor: Vendor.Mattermost, Url: { } url } || reply.Code is not { } code || task is not { Account: { } account, Channel: { Length: > 0 } channel })
            return pressed;
        ChatButton Of(string action, string label) =>
            new(action, label, url, new MattermostButton(hook.Name, action, account.Team, account.User, channel, code).Context(secrets.Get(hook.Keys[0])));
        return pressed with { Buttons = [Of(MattermostButton.Confirm, reply.Button ?? "Do it"), Of(MattermostButton.Leave, "Leave it")] };
    }
}
