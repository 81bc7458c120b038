namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Docs => Path.Combine(Root(), "docs");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Refresh.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in a checkout.");
        return folder.FullName;
    }
}
