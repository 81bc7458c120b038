using System.CommandLine;
using Refresh.Lab.Client;

namespace Refresh.Lab.Commands;

/// <summary><c>lab power</c> switches a VM.</summary>
internal static class PowerCommand
{
    public static Command Create()
    {
        var directory = LabOption.Directory();
        var vm = new Argument<string>("vm") { Description = "The VM, for example web-1-a." };
        var action = new Argument<PowerAction>("action") { HelpName = "on|off|crash", Description = "off lets the guest finish what it has begun, crash does not." };
        var command = new Command("power", "Switch a VM on or off, or crash it.") { vm, action, directory };
        command.ActOnVm(directory, (client, parsed, cancellation) =>
            client.PowerAsync(parsed.GetRequiredValue(vm), parsed.GetValue(action), cancellation));
        return command;
    }
}
