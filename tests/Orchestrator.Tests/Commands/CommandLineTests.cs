using System.Diagnostics;
using Refresh.Orchestrator.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task A_command_line_that_cannot_be_understood_says_where_help_is()
    {
        var said = (await _cli.RunAsync("plan", "--nothing")).Ended(ExitCodes.Usage);
        Assert.Contains("--nothing", said.Error, StringComparison.Ordinal);
        Assert.Contains("refresh plan --help", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean", "stauts")]
    [InlineData("Cannot parse argument 'nginx' for option '--balancer'. Did you mean", "demo", "--balancer", "nginx")]
    public async Task What_was_mistyped_is_told_on_standard_error_with_what_may_be_meant_and_no_type_name(string told, params string[] args)
    {
        var said = (await _cli.RunAsync(args)).Ended(ExitCodes.Usage);
        Assert.Empty(said.Output);
        Assert.Contains(told, said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("type '", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--queue", "run")]
    [InlineData("--detach", "run")]
    [InlineData("--detach", "resume")]
    [InlineData("--detach", "rollback")]
    public async Task An_option_for_a_worker_elsewhere_is_refused_where_none_is_named(string option, string command)
    {
        Assert.Contains($"{option} is for a worker elsewhere, and needs --server.", (await _cli.RunAsync(command, option)).Ended(ExitCodes.Usage).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("needs --server", (await _cli.RunAsync(command, option, "--server", "http://127.0.0.1:1/")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab", "up")]
    [InlineData("lab", "list")]
    [InlineData("lab", "power")]
    [InlineData("run")]
    public async Task The_help_lists_an_option_once(params string[] command) =>
        Assert.Single((await _cli.RunAsync([.. command, "--help"])).Ended(ExitCodes.Done).Output.Split('\n'), line => line.TrimStart().StartsWith("--json", StringComparison.Ordinal));

    [Theory]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("validate")]
    public async Task A_mistyped_option_is_not_taken_for_a_name(string command) =>
        Assert.Contains("'--nothing' is not an option", (await _cli.RunAsync(command, "--nothing")).Ended(ExitCodes.Usage).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_process_of_its_own_gives_the_same_exit_codes_and_keeps_output_apart_from_errors()
    {
        (await _cli.ExecuteAsync("journal", "nothing")).Ended(ExitCodes.Usage);
        var refused = (await _cli.ExecuteAsync("pause")).Ended(ExitCodes.Refused);
        Assert.Empty(refused.Output);
        Assert.Contains("No run is unfinished", refused.Error, StringComparison.Ordinal);
        var written = (await _cli.ExecuteAsync("init", "--json")).Ended(ExitCodes.Done);
        Assert.Equal(_cli.At("fleet.yaml"), written.Json.GetProperty("file").GetString());
        Assert.Empty(written.Error);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_opened_is_told_without_a_stack_trace()
    {
        await File.WriteAllTextAsync(_cli.Journal, "this is no journal, and it is long enough to look like one", TestContext.Current.CancellationToken);
        var said = (await _cli.RunAsync("status")).Ended(ExitCodes.Journal);
        Assert.Contains(_cli.Journal, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "stateDiagram")]
    [InlineData("pair", "Frozen")]
    [InlineData("member", "Draining")]
    public async Task A_machine_is_drawn(string machine, string part) =>
        Assert.Contains(part, (await _cli.RunAsync("graph", machine)).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("refresh pl", "plan")]
    [InlineData("refresh journal ", "compact export verify")]
    [InlineData("refresh graph ", "member pair run")]
    [InlineData("refresh status --fl", "--fleet")]
    public async Task Bash_completes(string line, string offered)
    {
        var script = $$"""
            eval "$(refresh completion bash)"
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            read -ra COMP_WORDS <<< "$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _refresh_complete
            complete -p refresh > /dev/null && printf '%s\n' "${COMPREPLY[@]}"
            """;
        Assert.Equal(offered, await OfferedAsync("bash", "--norc", "-c", script));
    }

    [Theory]
    [InlineData("refresh pl", "plan")]
    [InlineData("refresh status --fl", "--fleet")]
    [InlineData("refresh demo --fail bo", "boots-never boots-sick")]
    public async Task Fish_completes(string line, string offered)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "fish is not installed: install the package fish to run this test.");
        Assert.Equal(offered, await OfferedAsync("fish", "--no-config", "-c", $"refresh completion fish | source; complete -C '{line}'"));
    }

    [Fact]
    public async Task Zsh_takes_the_script()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zsh"), "zsh is not installed: install the package zsh to run this test.");
        Assert.Equal("_bash_complete -o default -F _refresh_complete", await OfferedAsync("zsh", "-f", "-c", "autoload -U compinit; compinit -u -D; eval \"$(refresh completion zsh)\"; print -r -- $_comps[refresh]"));
    }

    /// <summary>What a shell prints that finds the program in its path, in order.</summary>
    private async Task<string> OfferedAsync(string shell, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such shell on Windows.");
        var program = _cli.At("refresh");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "refresh.dll")}' \"$@\"\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, WorkingDirectory = _cli.Folder };
        start.Environment["PATH"] = $"{_cli.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _cli.Dispose();
}
