using Refresh.EndToEnd.Tests.Failpoints;
using Refresh.Orchestrator.Composition;

/// <summary>.NET calls this before the program's own Main where DOTNET_STARTUP_HOOKS names this assembly: the program that is tested is the one that is shipped.</summary>
internal static class StartupHook
{
    private const string Variable = "REFRESH_TEST_FAILPOINT";

    public static void Initialize() => Seam.Current = new FailingSeam(new Failpoint(Environment.GetEnvironmentVariable(Variable)!));

    /// <summary>Makes a process that is to be started have a failpoint.</summary>
    internal static void Plant(IDictionary<string, string?> environment, string failpoint)
    {
        environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        environment[Variable] = failpoint;
    }
}
