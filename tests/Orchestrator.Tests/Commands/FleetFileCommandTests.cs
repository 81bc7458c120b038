using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.FleetFiles;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class FleetFileCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    private string File => _cli.At("fleet.yaml");

    [Fact]
    public async Task Init_writes_a_fleet_file_that_validates()
    {
        (await _cli.RunAsync("init", "--output", File)).Ended(ExitCodes.Done);
        Assert.Equal(FleetTemplate.Text, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        var said = (await _cli.RunAsync("validate", File)).Ended(ExitCodes.Done);
        Assert.Contains("shop: 2 pairs, 4 members", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_does_not_replace_a_file_unless_told_to()
    {
        await WriteAsync("mine");
        var said = (await _cli.RunAsync("init", "--output", File)).Ended(ExitCodes.Refused);
        Assert.Contains("--force", said.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        (await _cli.RunAsync("init", "--output", File, "--force")).Ended(ExitCodes.Done);
        Assert.Equal(FleetTemplate.Text, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Init_says_what_to_do_where_it_cannot_write()
    {
        var said = (await _cli.RunAsync("init", "--output", _cli.At("nowhere/fleet.yaml"))).Ended(ExitCodes.Refused);
        Assert.Contains("cannot be written", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_tells_every_mistake_at_its_place()
    {
        await WriteAsync(FleetTemplate.Text.Replace("drain: { timeout: 5m", "drian: { timeout: 5m", StringComparison.Ordinal).Replace("name: shop", "name: Shop", StringComparison.Ordinal));
        var said = (await _cli.RunAsync("validate", File)).Ended(ExitCodes.Invalid);
        var lines = said.Output.Split('\n');
        Assert.Matches("fleet.yaml:7:7: ", lines[0]);
        Assert.Matches(@"fleet.yaml:\d+:1: .*did you mean 'drain'", lines[1]);
        var json = (await _cli.RunAsync("validate", File, "--json")).Ended(ExitCodes.Invalid).Json;
        Assert.False(json.GetProperty("valid").GetBoolean());
        Assert.Equal(2, json.GetProperty("mistakes").GetArrayLength());
        Assert.Equal(7, json.GetProperty("mistakes")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task Validate_prints_the_schema()
    {
        var said = (await _cli.RunAsync("validate", "--schema")).Ended(ExitCodes.Done);
        Assert.Equal(FleetSchema.Text, said.Output);
    }

    [Theory]
    [InlineData("validate", ExitCodes.Invalid)]
    [InlineData("plan", ExitCodes.Invalid)]
    [InlineData("doctor", ExitCodes.Refused)]
    public async Task A_fleet_file_that_is_not_there_is_named(string command, int exitCode)
    {
        var said = (await _cli.RunAsync(command, File)).Ended(exitCode);
        Assert.Contains("fleet.yaml: the fleet file does not exist", said.Output + said.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _cli.Dispose();

    private Task WriteAsync(string text) => System.IO.File.WriteAllTextAsync(File, text, TestContext.Current.CancellationToken);
}
