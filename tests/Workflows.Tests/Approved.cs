using Xunit;

namespace Refresh.Workflows.Tests;

/// <summary>A text that was read and approved by a person, kept beside its test.</summary>
internal static class Approved
{
    /// <summary>Compares; what differs is left beside the test's program as <c>*.received.txt</c>, to be read and copied.</summary>
    public static void Equal(string name, string text)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllText($"{path}.received.txt", text);
        Assert.Equal(File.ReadAllText($"{path}.approved.txt").ReplaceLineEndings("\n"), text);
    }
}
