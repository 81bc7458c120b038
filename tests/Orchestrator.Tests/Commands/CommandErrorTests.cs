using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.FleetFiles;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>With <c>--json</c> every failure is one object on standard error, with the same fields whatever went wrong.</summary>
public sealed class CommandErrorTests : IDisposable
{
    private static readonly string[] Fields = ["error", "exit", "exitCode", "message", "mistakes", "next", "reasons", "where"];

    private readonly Cli _cli = new();

    private string File => _cli.At("fleet.yaml");

    [Theory]
    [InlineData("usage", ExitCodes.Usage, "plan", "--nope")]
    [InlineData("usage", ExitCodes.Usage, "graph", "rocket")]
    [InlineData("usage", ExitCodes.Usage, "demo", "--pairs", "0")]
    [InlineData("usage", ExitCodes.Usage, "status", "--log", "")]
    [InlineData("no-such-run", ExitCodes.Refused, "status", "nobody")]
    [InlineData("no-run", ExitCodes.Refused, "report")]
    [InlineData("no-unfinished-run", ExitCodes.Refused, "cancel")]
    [InlineData("no-journal", ExitCodes.Refused, "journal", "verify")]
    [InlineData("journal-no-such-run", ExitCodes.Refused, "history", "nobody")]
    [InlineData("lab-not-running", ExitCodes.Refused, "lab", "list", "--dir", "/nowhere/lab")]
    [InlineData("lab-not-running", ExitCodes.Refused, "lab", "clone", "web-1-a", "web", "--dir", "/nowhere/lab")]
    [InlineData("file-unwritable", ExitCodes.Refused, "init", "--output", "/nowhere/fleet.yaml")]
    public async Task An_error_is_one_object_of_the_same_fields(string code, int exitCode, params string[] args)
    {
        var error = Error((await _cli.RunAsync([.. args, "--json"])).Ended(exitCode));
        Assert.Equal(code, error.GetProperty("error").GetString());
        Assert.Equal((exitCode, ExitCodes.NameOf(exitCode)), (error.GetProperty("exitCode").GetInt32(), error.GetProperty("exit").GetString()));
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    private static int Line(string text) => FleetTemplate.Text[..FleetTemplate.Text.IndexOf(text, StringComparison.Ordinal)].Count(c => c == '\n') + 1;

    [Theory]
    [InlineData("plan")]
    [InlineData("run")]
    public async Task A_bad_fleet_file_lists_every_mistake_as_an_object(string command)
    {
        await System.IO.File.WriteAllTextAsync(File, FleetTemplate.Text.Replace("drain: { timeout: 5m", "drian: { timeout: 5m", StringComparison.Ordinal).Replace("name: shop", "name: Shop", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var error = Error((await _cli.RunAsync(command, File, "--json")).Ended(ExitCodes.Invalid));
        Assert.Equal(("fleet-file-invalid", File), (error.GetProperty("error").GetString(), error.GetProperty("where").GetString()));
        Assert.Equal([Line("name: shop"), Line("drain: {")], error.GetProperty("mistakes").EnumerateArray().Select(mistake => mistake.GetProperty("line").GetInt32()));
        Assert.Equal("did you mean 'drain'?", error.GetProperty("mistakes")[1].GetProperty("hint").GetString());
    }

    [Fact]
    public async Task Without_the_option_an_error_is_lines_for_people()
    {
        var said = (await _cli.RunAsync("status", "nobody")).Ended(ExitCodes.Refused);
        Assert.Equal($"There is no run nobody in this journal, and none of a fleet of that name.{Environment.NewLine}`refresh history` lists the runs that there are; --journal names another journal.{Environment.NewLine}", said.Error);
    }

    [Fact]
    public void Every_exit_code_has_its_name()
    {
        foreach (var code in typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
            Assert.Equal(code.Name, ExitCodes.NameOf(Convert.ToInt32(code.GetRawConstantValue(), CultureInfo.InvariantCulture)));
    }

    public void Dispose() => _cli.Dispose();

    private static JsonElement Error(Said said)
    {
        Assert.Empty(said.Output);
        var error = JsonElement.Parse(Assert.Single(said.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(Fields, error.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        return error;
    }
}
