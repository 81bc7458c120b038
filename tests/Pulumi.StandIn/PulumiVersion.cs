namespace Refresh.PulumiStandIn;

/// <summary>The versions that this stand-in stands in for.</summary>
internal static class PulumiVersion
{
    public const string Text = "v3.259.0";
    public const string Provider = "4.17.0";
}
