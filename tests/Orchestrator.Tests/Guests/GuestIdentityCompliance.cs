using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Tests.Probes;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;
using Xunit;

namespace Refresh.Orchestrator.Tests.Guests;

/// <summary>What every way to ask a guest what it is must do, against a real guest of its kind that tells what is in a file.</summary>
public abstract class GuestIdentityCompliance : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refresh-guest-");

    /// <summary>The clock that facts are dated with.</summary>
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero));

    /// <summary>The file that guests tell.</summary>
    protected string Told => Path.Combine(_folder.FullName, "identity.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync() => new(File.WriteAllTextAsync(Told, GuestDocument.Valid, Cancellation));

    [Fact]
    public async Task An_answer_is_read_whole_and_dated_by_the_injected_clock()
    {
        var (guest, member) = await ThatTellsAsync();
        var facts = await guest.ReadAsync(member, Cancellation);
        Assert.Equal("web@2 (sha256:abc)", facts.Image.ToString());
        Assert.Equal(("m-1", "6.1"), (facts.MachineId, facts.Kernel));
        Assert.Equal(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.FromHours(1)), facts.BootedAt);
        Assert.Equal(["CVE-2026-1", "CVE-2026-2"], facts.Patches);
        Assert.Equal(Clock.GetUtcNow(), facts.At);
    }

    [Fact]
    public async Task The_guest_is_asked_anew_each_time()
    {
        var (guest, member) = await ThatTellsAsync();
        Assert.Equal("m-1", (await guest.ReadAsync(member, Cancellation)).MachineId);
        await File.WriteAllTextAsync(Told, GuestDocument.Valid.Replace("m-1", "m-2", StringComparison.Ordinal), Cancellation);
        Assert.Equal("m-2", (await guest.ReadAsync(member, Cancellation)).MachineId);
    }

    [Theory]
    [InlineData("""{ "image": { "name": "web" }, "machineId": 7 }""", "image.version is missing; image.digest is missing; machineId is not a text; bootedAt is missing; patches is missing")]
    [InlineData("{}", "machineId is missing")]
    [InlineData("the guest boots", "")]
    [InlineData("", "")]
    public async Task An_answer_that_cannot_be_read_names_the_member_and_all_that_is_wrong(string answer, string wrong)
    {
        await File.WriteAllTextAsync(Told, answer, Cancellation);
        var reason = await FailAsync(await ThatTellsAsync());
        Assert.Equal("guest-identity-invalid", reason.Code);
        Assert.StartsWith("The guest of web-1/a does not tell what it is: ", reason.Text, StringComparison.Ordinal);
        Assert.Contains(wrong, reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_more_than_64_KiB_is_refused()
    {
        await File.WriteAllTextAsync(Told, GuestDocument.Valid + new string(' ', 64 * 1024), Cancellation);
        Assert.Contains("64 KiB", (await FailAsync(await ThatTellsAsync())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_is_away_is_told_in_words_with_what_ends_it()
    {
        var reason = await FailAsync(await ThatIsAwayAsync());
        Assert.StartsWith("The guest of web-1/a does not tell what it is: ", reason.Text, StringComparison.Ordinal);
        Assert.NotEmpty(reason.EndsWhen);
    }

    [Fact]
    public async Task A_guest_that_hangs_is_given_up_after_its_time()
    {
        var reason = await FailAsync(await ThatHangsAsync(TimeSpan.FromSeconds(1)));
        Assert.Equal("guest-identity-unreachable", reason.Code);
        Assert.EndsWith("no answer within 1 s", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_is_cancelled_ends_with_the_callers_cancellation()
    {
        var (guest, member) = await ThatHangsAsync(TimeSpan.FromMinutes(1));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var question = guest.ReadAsync(member, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => question);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A guest that tells what is in the file <see cref="Told"/>, by the clock <see cref="Clock"/>.</summary>
    protected abstract Task<(IGuestIdentity Guest, Member Member)> ThatTellsAsync();

    /// <summary>A guest that takes the question and does not answer within a time, by the system's clock.</summary>
    protected abstract Task<(IGuestIdentity Guest, Member Member)> ThatHangsAsync(TimeSpan timeout);

    /// <summary>A guest that cannot be asked.</summary>
    protected abstract Task<(IGuestIdentity Guest, Member Member)> ThatIsAwayAsync();

    private static async Task<Reason> FailAsync((IGuestIdentity Guest, Member Member) asked) =>
        (await Assert.ThrowsAsync<AdapterException>(() => asked.Guest.ReadAsync(asked.Member, Cancellation))).Reason;
}
