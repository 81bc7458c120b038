using Pulumi;
using Pulumi.VSphere.Inputs;

namespace VspherePair;

/// <summary>How a guest is customised: as Linux or as Windows.</summary>
/// <param name="LinuxOptions">For Linux; this or the next.</param>
/// <param name="WindowsOptions">For Windows.</param>
internal sealed record GuestSettings(LinuxSettings? LinuxOptions, WindowsSettings? WindowsOptions);

/// <summary>A Linux guest.</summary>
internal sealed record LinuxSettings(string HostName, string Domain, string? TimeZone, bool? HwClockUtc, string? ScriptText)
{
    internal VirtualMachineCloneCustomizeLinuxOptionsArgs ToArgs() => new()
    {
        HostName = HostName,
        Domain = Domain,
        TimeZone = Optional.Text(TimeZone),
        HwClockUtc = Optional.Value(HwClockUtc),
        ScriptText = Optional.Secret(ScriptText),
    };
}

/// <summary>A Windows guest, prepared by Sysprep.</summary>
internal sealed record WindowsSettings(
    string ComputerName,
    string? AdminPassword,
    bool? AutoLogon,
    int? AutoLogonCount,
    string? DomainAdminUser,
    string? DomainAdminPassword,
    string? DomainOu,
    string? FullName,
    string? JoinDomain,
    string? OrganizationName,
    string? ProductKey,
    string[]? RunOnceCommandLists,
    int? TimeZone,
    string? Workgroup)
{
    internal VirtualMachineCloneCustomizeWindowsOptionsArgs ToArgs()
    {
        var args = new VirtualMachineCloneCustomizeWindowsOptionsArgs
        {
            ComputerName = ComputerName,
            AdminPassword = Optional.Secret(AdminPassword),
            AutoLogon = Optional.Value(AutoLogon),
            AutoLogonCount = Optional.Value(AutoLogonCount),
            DomainAdminUser = Optional.Text(DomainAdminUser),
            DomainAdminPassword = Optional.Secret(DomainAdminPassword),
            DomainOu = Optional.Text(DomainOu),
            FullName = Optional.Text(FullName),
            JoinDomain = Optional.Text(JoinDomain),
            OrganizationName = Optional.Text(OrganizationName),
            ProductKey = Optional.Secret(ProductKey),
            TimeZone = Optional.Value(TimeZone),
            Workgroup = Optional.Text(Workgroup),
        };
        if (RunOnceCommandLists is { } commands)
            args.RunOnceCommandLists = commands;
        return args;
    }
}

/// <summary>What is not set stays unset, so that the provider's default holds.</summary>
internal static class Optional
{
    internal static Input<string>? Text(string? value) => value is null ? null : (Input<string>)value;

    internal static Input<string>? Secret(string? value) => value is null ? null : (Input<string>)Output.CreateSecret(value);

    internal static Input<T>? Value<T>(T? value)
        where T : struct => value is { } given ? (Input<T>)given : null;
}
