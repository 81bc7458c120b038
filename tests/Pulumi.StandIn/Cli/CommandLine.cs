using Refresh.PulumiStandIn.Cli.Commands;

namespace Refresh.PulumiStandIn.Cli;

/// <summary>The commands that a provisioner needs; every other one is refused.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        try
        {
            return await RunAsync(Arguments.Parse(arguments));
        }
        catch (PulumiFailure e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"panic: {e}");
            return 255;
        }
    }

    private static Task<int> RunAsync(Arguments arguments) => arguments.Words switch
    {
        ["version", ..] => AboutCommands.Version(),
        ["about", ..] => AboutCommands.About(arguments),
        ["whoami", ..] => AboutCommands.WhoAmI(arguments),
        ["plugin", "ls", ..] => AboutCommands.Plugins(arguments),
        ["up" or "update", ..] => UpdateCommand.UpAsync(arguments),
        ["preview" or "pre", ..] => UpdateCommand.PreviewAsync(arguments),
        ["refresh", ..] => RefreshCommand.RunAsync(arguments),
        ["destroy" or "down", ..] => DestroyCommand.RunAsync(arguments),
        ["import", ..] => ImportCommand.RunAsync(arguments.Skip(1)),
        ["cancel", ..] => StackCommands.Cancel(arguments.Skip(1)),
        ["stack", "ls", ..] => StackCommands.List(arguments),
        ["stack", "select", ..] => StackCommands.Select(arguments.Skip(2)),
        ["stack", "init", ..] => StackCommands.Init(arguments.Skip(2)),
        ["stack", "rm", ..] => StackCommands.Remove(arguments.Skip(2)),
        ["stack", "output", ..] => StackCommands.Output(arguments.Skip(2)),
        ["stack", "export", ..] => StackCommands.Export(arguments),
        ["stack", "import", ..] => StackCommands.Import(arguments),
        ["stack"] => StackCommands.Show(arguments),
        ["state", "delete", ..] => StateCommands.Delete(arguments.Skip(2)),
        ["state", "taint", ..] => StateCommands.Taint(arguments.Skip(2), taint: true),
        ["state", "untaint", ..] => StateCommands.Taint(arguments.Skip(2), taint: false),
        ["config"] => ConfigCommands.List(arguments),
        ["config", "get", ..] => ConfigCommands.Get(arguments.Skip(2)),
        ["config", "set", ..] => ConfigCommands.Set(arguments.Skip(2)),
        ["config", "set-all", ..] => ConfigCommands.SetAll(arguments.Skip(2)),
        ["config", "rm", ..] => ConfigCommands.Remove(arguments.Skip(2)),
        _ => throw new PulumiFailure($"unknown command \"{string.Join(' ', arguments.Words)}\" for \"pulumi\""),
    };
}
