using System.CommandLine;
using Refresh.Lab.Client;

namespace Refresh.Lab.Commands;

/// <summary><c>lab list</c> shows the lab, its balancers and its VMs.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var (directory, json) = (LabOption.Directory(), LabOption.Json());
        var command = new Command("list", "Show the lab and its VMs.") { directory, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = LabClient.Of(parsed.GetRequiredValue(directory));
            await Table.WriteAsync(await client.FactsAsync(cancellation), parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }
}
