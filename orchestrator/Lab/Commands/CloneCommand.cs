using System.CommandLine;

namespace Refresh.Lab.Commands;

/// <summary><c>lab clone</c> replaces a VM in place and waits.</summary>
internal static class CloneCommand
{
    public static Command Create()
    {
        var directory = LabOption.Directory();
        var vm = new Argument<string>("vm") { Description = "The VM, for example web-1-a." };
        var image = new Argument<string>("image") { Description = "The image, for example web@1.1.0; a name alone is its newest build." };
        var command = new Command("clone", "Replace a VM by a clone of an image: same name and address, everything else new.") { vm, image, directory };
        command.ActOnVm(directory, (client, parsed, cancellation) =>
            client.CloneAsync(parsed.GetRequiredValue(vm), new(parsed.GetRequiredValue(image)), cancellation));
        return command;
    }
}
