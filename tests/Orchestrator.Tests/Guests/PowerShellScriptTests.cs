using System.Management.Automation.Language;
using Xunit;

namespace Refresh.Orchestrator.Tests.Guests;

/// <summary>The guest helper for Windows, as PowerShell's own parser reads it; it is not run here.</summary>
public sealed class PowerShellScriptTests
{
    public static TheoryData<string> Scripts => [.. Directory.EnumerateFiles(Path.Combine(FleetFiles.Texts.Root, "samples", "guest"), "*.ps1")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_for_Windows_is_a_whole_PowerShell_script_that_changes_nothing(string script)
    {
        var whole = Parser.ParseFile(script, out _, out var errors);
        Assert.Empty(errors.Select(error => $"{error.Extent.StartLineNumber}: {error.Message}"));
        var commands = whole.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().Select(command => command.GetCommandName()).OfType<string>().ToList();
        Assert.Contains("ConvertTo-Json", commands);
        Assert.DoesNotContain(commands, command => command.StartsWith("Remove-", StringComparison.OrdinalIgnoreCase) || command.StartsWith("Set-", StringComparison.OrdinalIgnoreCase) && command != "Set-StrictMode" || command is "Invoke-Expression");
    }
}
