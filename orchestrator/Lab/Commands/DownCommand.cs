using System.CommandLine;
using System.Text.Json.Nodes;
using Refresh.Lab.Client;
using Refresh.Lab.Cloud;

namespace Refresh.Lab.Commands;

/// <summary><c>lab down</c> stops the lab with its guests and balancers.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var (directory, json) = (LabOption.Directory(), LabOption.Json());
        var delete = new Option<bool>("--delete") { Description = "Delete what the lab has made, and its directory if nothing else is in it; without it, lab up brings the same VMs back." };
        var command = new Command("down", "Stop the lab.") { directory, delete, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(directory));
            var balancers = LabClient.Facts(path).Balancers;
            await LabLauncher.StopAsync(path, TimeProvider.System, cancellation);
            var left = parsed.GetValue(delete) ? LabRemains.Delete(new LabOptions(path), balancers) : [];
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                parsed.GetValue(json) ? new JsonObject { ["directory"] = path, ["left"] = new JsonArray([.. left.Select(name => JsonValue.Create(name))]) }.ToJsonString()
                : left.Count == 0 ? $"The lab in {path} is down."
                : $"The lab in {path} is down and deleted. What it has not made was left there: {string.Join(", ", left)}.");
            return 0;
        });
        return command;
    }
}
