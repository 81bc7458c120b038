using Refresh.Orchestrator.Serving.Chat.Settings;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>The vendors that there are.</summary>
internal static class VendorList
{
    private static readonly Dictionary<Vendor, IVendor> s_all = new()
    {
        [Vendor.Slack] = new Slack(),
        [Vendor.Teams] = new Teams(),
        [Vendor.Mattermost] = new Mattermost(),
        [Vendor.GitHub] = new GitHub(),
        [Vendor.Standard] = new Standard(),
    };

    public static IVendor Of(Vendor vendor) => s_all[vendor];
}
