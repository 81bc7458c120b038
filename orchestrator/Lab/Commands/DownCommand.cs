using System.CommandLine;
using System.Text.Json.Nodes;
using Refresh.Lab.Client;

namespace Refresh.Lab.Commands;

/// <summary><c>lab down</c> stops the lab with its guests and balancers.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var (directory, json) = (LabOption.Directory(), LabOption.Json());
        var delete = new Option<bool>("--delete") { Description = "Delete the lab's directory too; without it, lab up brings the same VMs back." };
        var command = new Command("down", "Stop the lab.") { directory, delete, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(directory));
            await LabLauncher.StopAsync(path, TimeProvider.System, cancellation);
            if (parsed.GetValue(delete))
                Directory.Delete(path, recursive: true);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json) ? new JsonObject { ["directory"] = path }.ToJsonString() : $"The lab in {path} is down.");
            return 0;
        });
        return command;
    }
}
