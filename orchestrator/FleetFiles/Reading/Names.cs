using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.FleetFiles.Reading;

/// <summary>Reads names.</summary>
internal static partial class Names
{
    /// <summary>The name of a fleet, a pair, a member, a VM or an image: one label of a host name.</summary>
    public static string? Name(this Field field) =>
        field.Text(NameForm(), "a name", "write lower-case letters, digits and inner dashes, at most 63, for example web-1");

    /// <summary>The version of an image.</summary>
    public static string? Version(this Field field) =>
        field.Text(VersionForm(), "a version", "write letters, digits, dots, dashes, underscores or plus, at most 128, for example 2026.11.2");

    /// <summary>HAProxy's name of a backend or a server.</summary>
    public static string? HAProxyName(this Field field) =>
        field.Text(HAProxyForm(), "a name of HAProxy's", "write letters, digits, '-', '_', '.' or ':'");

    public static bool IsName(string text) => NameForm().IsMatch(text);

    public static bool IsVersion(string text) => VersionForm().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}\z")]
    private static partial Regex VersionForm();

    [GeneratedRegex(@"^[A-Za-z0-9_.:-]{1,128}\z")]
    private static partial Regex HAProxyForm();
}
