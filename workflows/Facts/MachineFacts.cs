using Refresh.Workflows.Fleets;

namespace Refresh.Workflows.Facts;

/// <summary>A machine that somebody says there is, whether or not it belongs to a fleet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Identity">Its identity, as the provisioner tells a VM's; null if that is not told.</param>
/// <param name="Host">Its address without a port; null if that is not told.</param>
/// <param name="Image">What it was made from; null if that is not told.</param>
/// <param name="Power">Whether it runs; null if that is not told.</param>
/// <param name="Source">Who says so, in words.</param>
public sealed record MachineFacts(string Name, string? Identity, string? Host, string? Image, VmPower? Power, string Source)
{
    /// <summary>Whether this machine is that member's.</summary>
    /// <param name="member">The member.</param>
    /// <param name="vm">Its VM as the provisioner shows it; null if that was not seen.</param>
    /// <returns>True when the identities are equal or, where one has none, when the hosts are, or when the machine has the member's name.</returns>
    public bool Is(Member member, VmFacts? vm)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (Identity is { } told && vm?.Identity is { } seen && (told == seen.Id || told == seen.Handle))
            return true;
        return string.Equals(Host, member.Address.Host, StringComparison.OrdinalIgnoreCase)
            || (Host is null && (Name == member.Id.Name || Name == member.Address.Host || Name == $"{member.Id.Pair}-{member.Id.Name}"));
    }
}
