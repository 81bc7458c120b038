using System.Globalization;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Simulation.World;

/// <summary>
/// Carries calls to the world and answers back: slowly, twice, or not at all. A call that was cancelled does nothing any
/// more (the contract of the ports); one whose caller was killed on the way may still arrive.
/// </summary>
internal sealed class Network(SimulatedWorld world)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private long _asked;
    private long _lastAnswered;

    /// <summary>How many answers overtook one that was asked for earlier.</summary>
    public long Overtaken { get; private set; }

    /// <summary>Asks the world.</summary>
    /// <param name="what">What is asked, for the timeline.</param>
    /// <param name="member">Whom it is about.</param>
    /// <param name="acts">It changes the world; otherwise it only looks.</param>
    /// <param name="serve">What the world does and says.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="patience">How long an answer is waited for; null for five seconds.</param>
    public Task<T> AskAsync<T>(string what, MemberId member, bool acts, Func<T> serve, CancellationToken cancellation, TimeSpan? patience = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var caller = Process.Current;
        var call = new Call<T>(caller, ++_asked);
        if (cancellation.CanBeCanceled)
            call.Cancelling = cancellation.UnsafeRegister(_ => call.Cancel(cancellation), null);
        if (acts && world.Scenario.StrikesLater(Fault.WorkerKilledAtEffect, member) is { } killed)
            (caller.KillAt, caller.AtKill) = (caller.Steps + 1 + world.Scenario.Random.Next(4), killed);
        if (world.Scenario.Strikes(Fault.CallRefused, member))
            world.Scheduler.After(world.Scenario.Between(0.001, 0.05), () => call.Fail(Failure("refused", what, member)));
        else if (world.Scenario.Strikes(Fault.CallLost, member))
            world.Scheduler.After(patience ?? s_patience, () => call.Fail(NoAnswer(what, member, patience ?? s_patience)));
        else
            world.Scheduler.After(world.Scenario.Between(0.001, 0.04), () => Arrive(call, what, member, acts, serve));
        return call.Answer;
    }

    public static AdapterException Failure(string code, string what, MemberId member) =>
        new(new Reason(code, $"{what} of {member}: {code} in the simulation", "the world is kinder"));

    private static AdapterException NoAnswer(string what, MemberId member, TimeSpan patience) =>
        new(new Reason("no-answer", string.Create(CultureInfo.InvariantCulture, $"{what} of {member}: no answer within {patience.TotalSeconds:0.#} s"), "the world is kinder"));

    private void Arrive<T>(Call<T> call, string what, MemberId member, bool acts, Func<T> serve)
    {
        if (call.Ended || (!call.Caller.Alive && (!acts || world.Scenario.Chance(0.5))))
            return;
        try
        {
            var answer = serve();
            if (acts && world.Scenario.Strikes(Fault.CallRepeated, member))
                answer = serve();
            if (world.Scenario.Strikes(Fault.AnswerLost, member))
                world.Scheduler.After(s_patience, () => call.Fail(NoAnswer(what, member, s_patience)));
            else
                world.Scheduler.After(BackAfter(acts, member), () => Deliver(call, answer));
        }
        catch (AdapterException failure)
        {
            world.Scheduler.After(BackAfter(acts, member), () => call.Fail(failure));
        }
    }

    private TimeSpan BackAfter(bool acts, MemberId member) =>
        world.Scenario.Strikes(Fault.AnswerSlow, member)
            ? world.Scenario.Between(0.5, acts ? 4 : 14)
            : world.Scenario.Between(0.001, 0.04);

    private void Deliver<T>(Call<T> call, T answer)
    {
        if (!call.Ended && call.Number < _lastAnswered)
            Overtaken++;
        _lastAnswered = Math.Max(_lastAnswered, call.Number);
        call.Succeed(answer);
    }

    private sealed class Call<T>(Process caller, long number)
    {
        private readonly TaskCompletionSource<T> _answer = new();

        public Process Caller { get; } = caller;

        public long Number { get; } = number;

        public CancellationTokenRegistration Cancelling { get; set; }

        public Task<T> Answer => _answer.Task;

        public bool Ended => _answer.Task.IsCompleted;

        public void Succeed(T answer)
        {
            if (_answer.TrySetResult(answer))
                Cancelling.Unregister();
        }

        public void Fail(Exception why)
        {
            if (_answer.TrySetException(why))
                Cancelling.Unregister();
            _ = _answer.Task.Exception;
        }

        public void Cancel(CancellationToken cancellation) => _answer.TrySetCanceled(cancellation);
    }
}
