using System.Globalization;
using Refresh.Lab.Load;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>What came of killing the program at its failpoints: a row of the table that <c>./refresh crash</c> prints.</summary>
internal sealed class CrashRow(string points) : IDisposable
{
    /// <summary>The file that the rows are put in; null when nobody asks for them.</summary>
    private const string File = "REFRESH_CRASH_TABLE";

    private static readonly Lock s_writing = new();

    /// <summary>How often the program was killed.</summary>
    public int Killed { get; set; }

    /// <summary>The run went on, and succeeded.</summary>
    public bool Resumed { get; set; }

    /// <summary>What became of the requests; null before the load has ended.</summary>
    public LoadReport? Load { get; set; }

    /// <summary>Nobody saw both members out, each VM was rebuilt as often as it was meant to be, all are new, and the journal verifies.</summary>
    public bool Held { get; set; }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable(File) is not { Length: > 0 } file)
            return;
        var requests = Load is { } load ? string.Create(CultureInfo.InvariantCulture, $"{load.Failed} of {load.Sent}") : "not counted";
        lock (s_writing)
            System.IO.File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"| `{points}` | {Killed} | {Word(Resumed)} | {Word(Held)} | {requests} |\n"));
    }

    private static string Word(bool so) => so ? "yes" : "NO";
}
