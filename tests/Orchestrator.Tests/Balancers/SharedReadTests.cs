using Refresh.Orchestrator.Balancers.HAProxy;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>Many ask, few read, and nobody is given what was read before the asking.</summary>
public sealed class SharedReadTests : IDisposable
{
    private readonly List<TaskCompletionSource<int>> _begun = [];
    private readonly SemaphoreSlim _beginning = new(0);
    private readonly SharedRead<int> _shared;

    public SharedReadTests() => _shared = new SharedRead<int>(ReadAsync);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_while_a_reading_is_under_way_shares_the_next_one()
    {
        var first = _shared.AskAsync(Cancellation);
        await _beginning.WaitAsync(Cancellation);
        var later = Enumerable.Range(0, 100).Select(_ => _shared.AskAsync(Cancellation)).ToList();
        Assert.Single(_begun);
        _begun[0].SetResult(1);
        Assert.Equal(1, await first);
        await _beginning.WaitAsync(Cancellation);
        _begun[1].SetResult(2);
        Assert.All(await Task.WhenAll(later), read => Assert.Equal(2, read));
        Assert.Equal(2, _begun.Count);
    }

    [Fact]
    public async Task A_reading_that_fails_fails_for_those_who_share_it_and_no_others()
    {
        var first = _shared.AskAsync(Cancellation);
        await _beginning.WaitAsync(Cancellation);
        var second = _shared.AskAsync(Cancellation);
        _begun[0].SetException(new FormatException());
        await Assert.ThrowsAsync<FormatException>(() => first);
        await _beginning.WaitAsync(Cancellation);
        _begun[1].SetResult(2);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Who_gives_up_does_not_end_the_reading_of_the_others()
    {
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var (leaves, stays) = (_shared.AskAsync(impatient.Token), _shared.AskAsync(Cancellation));
        await _beginning.WaitAsync(Cancellation);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        _begun[0].SetResult(1);
        Assert.Equal(1, await stays);
    }

    public void Dispose() => _beginning.Dispose();

    private Task<int> ReadAsync()
    {
        var reading = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _begun.Add(reading);
        _beginning.Release();
        return reading.Task;
    }
}
