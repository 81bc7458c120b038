namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Whether the fleet's calendars can be read, and leave it a patch window.</summary>
internal static class WindowCheck
{
    private const string Name = "windows";

    public static IReadOnlyList<Finding> Look(FleetWindows? windows) => windows switch
    {
        null => [],
        { Outlook.Windows: [] } => [Finding.Wrong(Name, $"there is no patch window until {windows.Local(windows.Outlook.Until)}", "give the fleet file windows that its freezes leave open; `refresh windows` shows them")],
        _ => [Finding.Ok(Name, windows.Next)],
    };
}
