using System.Globalization;
using Refresh.Orchestrator.Probes;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Probes;

public sealed class CommandProbeTests : HealthProbeCompliance
{
    private readonly Scripts scripts;
    private IReadOnlyList<string> run = [];

    public CommandProbeTests() => scripts = Keep(new Scripts());

    protected override string HealthyWords => ": exit code 0: fine";

    protected override string SickWords => ": exit code 3: disk full";

    protected override string AbsentWords => "/nowhere/check";

    protected override IHealthProbe Probe(TimeSpan timeout) => new CommandProbe(new CommandProbeSettings(run, timeout), TimeProvider.System);

    protected override Task<Member> HealthyAsync() => ScriptAsync("echo fine");

    protected override Task<Member> SickAsync() => ScriptAsync("echo checking; echo 'disk full' >&2; exit 3");

    protected override Task<Member> AbsentAsync()
    {
        run = ["/nowhere/check"];
        return Task.FromResult(Members.At(8080));
    }

    protected override Task<Member> HangingAsync() => ScriptAsync("sleep 600");

    [Fact]
    public async Task The_command_is_told_which_member_to_ask()
    {
        var member = await ScriptAsync("echo $REFRESH_MEMBER $REFRESH_HOST $REFRESH_PORT");
        Assert.EndsWith("exit code 0: web-1/a 127.0.0.1 8080", (await AskAsync(member, Ample)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_are_passed_as_they_are_with_no_shell_between()
    {
        var member = await ScriptAsync("printf '<%s>' \"$@\"", "two words", "$HOME", "; exit 9", "\"", "");
        var detail = (await AskAsync(member, Ample)).Detail;
        Assert.EndsWith("exit code 0: <two words><$HOME><; exit 9><\"><>", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_are_not_told_in_the_detail()
    {
        var member = await ScriptAsync("exit 1", "--password=secret");
        Assert.DoesNotContain("secret", (await AskAsync(member, Ample)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_without_end_is_let_go_by_and_its_beginning_told()
    {
        var member = await ScriptAsync("yes no | head -c 20000000 >&2; exit 2");
        var detail = (await AskAsync(member, Ample)).Detail;
        Assert.EndsWith("…", detail, StringComparison.Ordinal);
        Assert.Equal(200, detail.Split(": ")[^1].Length - 1);
    }

    [Fact]
    public async Task A_command_that_reads_its_input_finds_none()
    {
        var member = await ScriptAsync("cat; echo done");
        Assert.EndsWith("exit code 0: done", (await AskAsync(member, Ample)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sleep 600 & echo $! >>{0}; echo $$ >>{0}; wait")]
    [InlineData("(sleep 600 & echo $! >>{0}) & wait; echo $$ >>{0}; sleep 600")]
    [InlineData("(sleep 600 & echo $! >>{0}) & wait; echo $$ >>{0}; exit 0")]
    [InlineData("trap '' TERM INT HUP; echo $$ >>{0}; (trap '' TERM; sleep 600 & echo $! >>{0}; wait) & wait; sleep 600")]
    public async Task After_the_timeout_neither_the_command_nor_any_child_lives(string script)
    {
        var file = scripts.NewPath();
        var member = await ScriptAsync(string.Format(CultureInfo.InvariantCulture, script, file));
        var facts = await AskAsync(member, TimeSpan.FromSeconds(3));
        Assert.Contains("no answer within 3 s", facts.Detail, StringComparison.Ordinal);
        await AssertGoneAsync(file, 2);
    }

    [Fact]
    public async Task A_child_that_a_finished_command_left_behind_is_killed()
    {
        var file = scripts.NewPath();
        var member = await ScriptAsync($"sleep 600 >/dev/null 2>&1 </dev/null & echo $! >>{file}; echo $$ >>{file}");
        Assert.True((await AskAsync(member, Ample)).Healthy);
        await AssertGoneAsync(file, 2);
    }

    [Fact]
    public async Task A_cancelled_command_is_killed_with_its_children()
    {
        var file = scripts.NewPath();
        var member = await ScriptAsync($"sleep 600 & echo $! >>{file}; echo $$ >>{file}; wait");
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var question = Probe(Ample).ProbeAsync(member, caller.Token);
        await Eventually(() => File.Exists(file) && File.ReadAllLines(file).Length == 2);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
        await AssertGoneAsync(file, 2);
    }

    private static async Task AssertGoneAsync(string file, int count)
    {
        var ids = await File.ReadAllLinesAsync(file, Cancellation);
        Assert.Equal(count, ids.Length);
        await Eventually(() => ids.All(id => !Lives(id)));
    }

    // A zombie that nobody has waited for is dead.
    private static bool Lives(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1][0] != 'Z';
        }
        catch (Exception exception) when (exception is IOException)
        {
            return false;
        }
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
    }

    private Task<Member> ScriptAsync(string body, params string[] arguments)
    {
        run = ["/bin/sh", scripts.Write(body), .. arguments];
        return Task.FromResult(Members.At(8080));
    }

    private sealed class Scripts : IAsyncDisposable
    {
        private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("refresh-scripts-");

        public string NewPath() => Path.Combine(directory.FullName, Guid.NewGuid().ToString("N"));

        public string Write(string body)
        {
            var path = NewPath();
            File.WriteAllText(path, body + "\n");
            return path;
        }

        public ValueTask DisposeAsync()
        {
            directory.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
