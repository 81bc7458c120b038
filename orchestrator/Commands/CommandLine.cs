using System.CommandLine;
using Refresh.Lab.Commands;

namespace Refresh.Orchestrator.Commands;

/// <summary>The whole command line.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Refresh brings every VM of a fleet up to a patched golden image while the service stays online.")
    {
        GlobalOptions.Journal,
        GlobalOptions.Json,
        GlobalOptions.Log,
        DemoCommand.Create(),
        RunCommand.Create(),
        ResumeCommand.Create(),
        ResumeCommand.CreateRollback(),
        LabCommand.Create(),
    };
}
