using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Provisioners.Pulumi.Checking;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Recovery;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

public sealed class CliTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refresh-cli-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_go_to_who_asked_first_and_no_more_than_there_are()
    {
        var budget = new EngineBudget(() => null, TimeProvider.System);
        var places = new List<IDisposable> { await Enter(budget, 2), await Enter(budget, 2) };
        var (third, fourth) = (Enter(budget, 2), Enter(budget, 2));
        Assert.False(third.IsCompleted);
        places[0].Dispose();
        _ = await third;
        Assert.False(fourth.IsCompleted);
        places[1].Dispose();
        _ = await fourth;
    }

    [Fact]
    public async Task Fleets_with_bounds_of_their_own_share_the_places_and_take_turns()
    {
        var budget = new EngineBudget(() => null, TimeProvider.System);
        var first = await Enter(budget, 2);
        var narrow = Enter(budget, 1);
        var wide = Enter(budget, 2);
        Assert.False(narrow.IsCompleted || wide.IsCompleted);
        first.Dispose();
        (await narrow).Dispose();
        (await wide).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_lets_those_behind_pass()
    {
        var budget = new EngineBudget(() => null, TimeProvider.System);
        using var place = await Enter(budget, 2);
        using var cancel = new CancellationTokenSource();
        var narrow = budget.EnterAsync(1, null, _ => { }, cancel.Token);
        var wide = Enter(budget, 2);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => narrow);
        (await wide).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        var budget = new EngineBudget(() => null, TimeProvider.System);
        var place = await Enter(budget, 1);
        using var cancel = new CancellationTokenSource();
        var given = budget.EnterAsync(1, null, _ => { }, cancel.Token);
        var next = Enter(budget, 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        place.Dispose();
        _ = await next;
    }

    [Theory]
    [InlineData(null, 650L, 2)]
    [InlineData(null, 100L, 1)]
    [InlineData(900, 10_000L, 3)]
    [InlineData(300, 10_000L, 1)]
    public async Task Memory_bounds_the_places_too_and_one_there_is_always(int? configured, long free, int places)
    {
        var budget = new EngineBudget(() => free, new FakeTimeProvider());
        var entered = Enumerable.Range(0, 8).Select(_ => Enter(budget, 8, configured)).ToList();
        Assert.Equal(places, entered.Count(place => place.IsCompletedSuccessfully));
        (await entered[0]).Dispose();
        if (configured is not null)
            _ = await entered[places];
    }

    [Fact]
    public void Secrets_of_files_and_environment_are_taken_out_of_what_is_printed()
    {
        var (passphrase, environment) = (Write("passphrase", "correct horse\n"), Write("env", "# credentials\nVSPHERE_PASSWORD='s3cret!'\nVSPHERE_USER=joe\n"));
        var made = PulumiEnvironment.Of(new PulumiAccess("file:///b", "/home", passphrase, environment));
        Assert.Equal("*** and *** by joe", made.Secrets.Scrub("correct horse and s3cret! by joe"));
        Assert.Equal((passphrase, "s3cret!", "file:///b", "/home"), (made.Variables["PULUMI_CONFIG_PASSPHRASE_FILE"], made.Variables["VSPHERE_PASSWORD"], made.Variables["PULUMI_BACKEND_URL"], made.Variables["PULUMI_HOME"]));
    }

    [Fact]
    public void A_file_of_secrets_that_cannot_be_read_is_named_and_its_lines_are_not_shown()
    {
        Assert.Equal("pulumi-file", Refused(new(null, null, "/not/there", null)).Code);
        var wrong = Refused(new(null, null, null, Write("env", "\nhunter2 without a name\n")));
        Assert.Contains("line 2", wrong.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", wrong.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("locked-up", 1, "stack-locked")]
    [InlineData("stack-missing", 6, "stack-missing")]
    [InlineData("stack-missing", 255, "stack-missing")]
    [InlineData("wrong-passphrase", 1, "passphrase")]
    [InlineData("bad-flag", 1, "pulumi-failed")]
    public void A_recorded_failure_has_a_reason_that_says_what_to_do(string recording, int exitCode, string code) =>
        Assert.Equal(code, Failures.Of(new(new("web-01", ["up"]), exitCode, string.Empty, Recordings.Read($"{recording}.err"))).Reason.Code);

    [Fact]
    public void A_vCenter_that_does_not_answer_is_told_from_other_failures()
    {
        Assert.True(Failures.IsUnreachable(string.Join('\n', Recordings.Preview("preview-unreachable").Errors)));
        Assert.False(Failures.IsUnreachable(Recordings.Read("preview-bad-image.out")));
        Assert.False(Failures.IsUnreachable(Recordings.Read("orphan-up.out")));
    }

    [Theory]
    [InlineData("error: could not deserialize deployment: unexpected end of JSON input", "state-damaged")]
    [InlineData("error: getting stack: invalid character '<' looking for beginning of value", "provisioner-unreachable")]
    public void A_page_of_a_gateway_is_not_taken_for_a_damaged_state(string said, string code) =>
        Assert.Equal(code, Failures.Of(new(new("web-01", ["stack", "export"]), 255, string.Empty, said)).Reason.Code);

    [Fact]
    public void A_holder_is_alive_dead_or_cannot_be_told()
    {
        var here = new StackLock(7, "u", "here", DateTimeOffset.UnixEpoch.AddHours(1));
        var process = new ProcessFacts(7, "pulumi", false, 7, DateTimeOffset.UnixEpoch);
        Assert.Equal(HolderState.Alive, LockHolder.Judge(here, "here", _ => process).State);
        Assert.Equal(HolderState.Dead, LockHolder.Judge(here, "here", _ => null).State);
        Assert.Equal(HolderState.Dead, LockHolder.Judge(here, "here", _ => process with { Defunct = true }).State);
        Assert.Equal(HolderState.Dead, LockHolder.Judge(here, "here", _ => process with { StartedAt = here.At.AddSeconds(10) }).State);
        Assert.Equal(HolderState.Elsewhere, LockHolder.Judge(here, "there", _ => null).State);
        Assert.Equal(HolderState.Elsewhere, LockHolder.Judge(here, "here", null).State);
    }

    [Fact]
    public void This_process_is_found_with_its_start_and_its_mark()
    {
        var me = Processes.Find(Environment.ProcessId)!;
        Assert.False(me.Defunct);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Assert.InRange((me.StartedAt - process.StartTime).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Null(Processes.Find(int.MaxValue));
    }

    [Theory]
    [InlineData("v3.259.0", null)]
    [InlineData("v3.100.0-alpha.1+dirty", null)]
    [InlineData("v3.9.0", "pulumi-version")]
    [InlineData("v4.0.0", "pulumi-version")]
    [InlineData("not pulumi", "pulumi-version")]
    public void A_command_line_that_is_too_old_or_another_is_refused(string told, string? code) =>
        Assert.Equal(code, Requirements.Judge(told)?.Code);

    [Fact]
    public async Task A_state_is_kept_once_and_a_damaged_copy_is_not_taken_for_one()
    {
        var clock = new FakeTimeProvider();
        var keeper = new Keeper(_folder.FullName, clock);
        Assert.Null(keeper.Latest("p.s"));
        var first = await keeper.KeepAsync("p.s", "one", Cancellation);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(first, await keeper.KeepAsync("p.s", "one", Cancellation));
        var second = await keeper.KeepAsync("p.s", "two", Cancellation);
        Assert.Equal(second, keeper.Latest("p.s"));
        await File.WriteAllTextAsync(second.Path, "tw", Cancellation);
        Assert.Equal(first, keeper.Latest("p.s"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(Path.GetDirectoryName(first.Path)!));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Workflows.Reasons.Reason Refused(PulumiAccess access) => Assert.Throws<AdapterException>(() => PulumiEnvironment.Of(access)).Reason;

    private static Task<IDisposable> Enter(EngineBudget budget, int most, int? memoryMiB = null) => budget.EnterAsync(most, memoryMiB, _ => { }, Cancellation);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
