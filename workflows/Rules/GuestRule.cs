using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Reasons;

namespace Refresh.Workflows.Rules;

/// <summary>What a guest says of itself beyond its image must not contradict the provisioner, nor the image's package list; it waits for no reboot, and the user's scripts are content.</summary>
internal static class GuestRule
{
    private const int Named = 5;
    private const int MostOfOutput = 200;

    public static IEnumerable<Reason> Judge(MemberId member, VerificationFacts facts)
    {
        if (facts.Guest is not { } guest)
            yield break;
        if (facts.Vm?.Identity is { } vm && Contradicts(guest.Vm, vm))
            yield return new Reason("guest-contradicts-vm", $"the guest of {member} says that it is VM {guest.Vm}, the provisioner says {vm}", "the address leads to the VM that was rebuilt");
        if (guest.Packages is { Count: > 0 } && facts.Packages is null)
            yield return new Reason("guest-packages-unchecked", $"the guest of {member} tells its packages, and the package list of {facts.Expected.Ref.Label} cannot be read{(facts.Unread.Count > 0 ? $": {string.Join("; ", facts.Unread.Select(reason => reason.Text))}" : string.Empty)}", "the image's package list can be read");
        if (Wrong(guest, facts) is { Count: > 0 } wrong)
            yield return new Reason("guest-wrong-packages", $"the guest of {member} has other packages than {facts.Expected.Ref.Label}: {string.Join(", ", wrong.Take(Named))}{(wrong.Count > Named ? $" and {wrong.Count - Named} more" : string.Empty)}", "it is rebuilt from the right image, and nothing changes its packages at first boot");
        if (guest.Reboot is { } reboot)
            yield return new Reason("guest-reboot-pending", $"the guest of {member} waits for a reboot: {reboot}", "it has rebooted, or the image needs no reboot after its first boot");
        foreach (var script in guest.Scripts?.Where(script => script.ExitCode != 0) ?? [])
            yield return new Reason("guest-script-failed", $"script {script.Name} in the guest of {member} ended with exit code {script.ExitCode}{(script.Output.Length > 0 ? $": {Line(script.Output)}" : string.Empty)}", "the script ends with exit code 0");
    }

    /// <summary>Whether what a guest says of its VM cannot be, by the provisioner's word. Only ids of one kind can be compared: a name of a VM is no UUID of its firmware.</summary>
    internal static bool Contradicts(string? told, VmIdentity vm) =>
        Guid.TryParse(told, out var inside)
        && new[] { vm.Id, vm.Handle }.Where(id => Guid.TryParse(id, out _)).Select(Guid.Parse).ToList() is { Count: > 0 } outside
        && !outside.Contains(inside)
        && !outside.Contains(Swapped(inside));

    // SMBIOS from 2.6 on stores the first three groups little-endian: vSphere's hardware version 13 and later shows them so in the guest, and not outside.
    private static Guid Swapped(Guid id) => new(id.ToByteArray(bigEndian: true));

    private static List<string> Wrong(GuestFacts guest, VerificationFacts facts) =>
    [
        .. (guest.Packages ?? new Dictionary<string, string>())
            .Select(package => (package.Key, package.Value, Listed: facts.Packages?.Where(listed => listed.Name == package.Key).Select(listed => listed.Version).ToList() ?? []))
            .Where(package => package.Listed.Count > 0 && !package.Listed.Contains(package.Value))
            .OrderBy(package => package.Key, StringComparer.Ordinal)
            .Select(package => $"{package.Key} {package.Value}, not {string.Join(" or ", package.Listed)}"),
    ];

    private static string Line(string output)
    {
        var line = string.Concat(output.Trim().Select(each => char.IsControl(each) ? ' ' : each));
        return line.Length > MostOfOutput ? line[..MostOfOutput] : line;
    }
}
