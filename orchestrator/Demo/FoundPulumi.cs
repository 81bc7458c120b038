using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using Refresh.Orchestrator.Commands;

namespace Refresh.Orchestrator.Demo;

/// <summary>The <c>pulumi</c> on PATH, and whether a lab can be its cloud.</summary>
/// <param name="Program">Its full path.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsStandIn">Whether it is the stand-in of the tests, the only one that rebuilds VMs of a lab.</param>
internal sealed record FoundPulumi(string Program, string Version, bool IsStandIn)
{
    private const string StandIn = "stand-in";

    private const string Offer = "use the stand-in of the tests, which keeps real states and locks and has the lab as its cloud, in a checkout: PATH=$(./refresh stand-in):$PATH ./refresh demo --provisioner pulumi";

    /// <summary>Looks for it.</summary>
    /// <param name="cancellation">Ends the look.</param>
    /// <exception cref="CommandFailure">There is none, or only a real one, whose cloud no lab can be.</exception>
    public static async Task<FoundPulumi> ForLabAsync(CancellationToken cancellation)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.GetFullPath(Path.Combine(folder, "pulumi")))
            .FirstOrDefault(File.Exists)
            ?? throw new CommandFailure(ExitCodes.Refused, "pulumi-missing", "There is no pulumi on PATH.", "install it (https://www.pulumi.com/docs/install/), or " + Offer);
        var found = await AskAsync(program, cancellation);
        return found.IsStandIn
            ? found
            : throw new CommandFailure(ExitCodes.Refused, "pulumi-without-vcenter", $"pulumi {found.Version} at {program} is the real one. It rebuilds VMs of a vCenter, and the demo has none.", "read docs/real-pulumi.md to run with it, or " + Offer);
    }

    private static async Task<FoundPulumi> AskAsync(string program, CancellationToken cancellation)
    {
        try
        {
            // Asked where there is no project, so that nothing but the program itself can be wrong.
            var about = await Cli.Wrap(program).WithArguments(["about", "--json"]).WithWorkingDirectory(Path.GetTempPath()).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
            using var document = JsonDocument.Parse(about.StandardOutput);
            var cli = document.RootElement.GetProperty("cli");
            return new(program, cli.GetProperty("version").GetString() ?? "?", cli.GetProperty("goVersion").GetString() == StandIn);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or System.ComponentModel.Win32Exception)
        {
            throw new CommandFailure(ExitCodes.Refused, "pulumi-unreadable", $"{program} does not tell its version: {e.Message}", Offer);
        }
    }
}
