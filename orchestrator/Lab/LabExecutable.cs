using System.Diagnostics;

namespace Refresh.Lab;

/// <summary>How this program starts itself again, as a lab or as a guest.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Prefix">Arguments that come before <c>lab</c>: the library, when it runs under <c>dotnet</c>.</param>
public sealed record LabExecutable(string FileName, IReadOnlyList<string> Prefix)
{
    /// <summary>The program that runs now.</summary>
    /// <returns>Its own file, or <c>dotnet</c> and its library.</returns>
    public static LabExecutable Current()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no file.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? new(program, [Environment.GetCommandLineArgs()[0]]) : new(program, []);
    }

    /// <summary>A library to be run under <c>dotnet</c>.</summary>
    /// <param name="library">The full path of <c>refresh.dll</c>.</param>
    public static LabExecutable Library(string library) => new("dotnet", [library]);

    internal ProcessStartInfo Start(IEnumerable<string> arguments) =>
        new(FileName, [.. Prefix, "lab", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
