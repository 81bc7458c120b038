using System.CommandLine;
using Refresh.Lab.Guests;

namespace Refresh.Lab.Commands;

/// <summary>The command <c>lab</c>: a small cloud on this machine, and what one does with it.</summary>
public static class LabCommand
{
    /// <summary>Builds the command with all below it.</summary>
    /// <returns>The command.</returns>
    public static Command Create() => new("lab", "A small cloud on this machine: images, VMs, HAProxy in front, and faults.")
    {
        UpCommand.Create(),
        UpCommand.CreateServe(),
        DownCommand.Create(),
        ListCommand.Create(),
        CloneCommand.Create(),
        FailCommand.Create(),
        PowerCommand.Create(),
        LoadCommand.Create(),
        Guest(),
    };

    private static Command Guest()
    {
        var arguments = new Argument<string[]>("arguments") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("guest", "The process that is a VM; started by the lab.") { arguments };
        command.Hidden = true;
        command.SetAction((parsed, _) => GuestServer.RunAsync(parsed.GetRequiredValue(arguments)));
        return command;
    }
}
