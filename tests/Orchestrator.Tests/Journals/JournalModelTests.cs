using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Refresh.Orchestrator.Journals;
using Refresh.Simulation.World;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;
using Xunit;

namespace Refresh.Orchestrator.Tests.Journals;

/// <summary>Whatever two workers do on two fleets that share a member, SQLite answers as the model in memory does.</summary>
public sealed class JournalModelTests
{
    private static readonly string[] Fleets = ["web", "shop"];
    private static readonly string[] Claims = ["a", "b", "c"];

    /// <summary>An operation: which, by which worker, on which fleet and run, and a number that it may use.</summary>
    private sealed record Step(int Operation, int Worker, int Fleet, int Run, int Number);

    private static readonly Gen<Step> Steps = Gen.Select(Gen.Frequency((3, Gen.Int[0, 1]), (2, Gen.Int[2, 3]), (4, Gen.Const(4)), (8, Gen.Const(5)), (2, Gen.Const(6))), Gen.Int[0, 1], Gen.Int[0, 1], Gen.Int[0, 2], Gen.Int[0, 9])
        .Select((operation, worker, fleet, run, number) => new Step(operation, worker, fleet, run, number));

    [Fact]
    public Task SQLite_and_the_model_agree_after_any_operations() =>
        Steps.Array[5, 60].SampleAsync(CompareAsync, iter: 60, threads: 1);

    private static async Task CompareAsync(Step[] steps)
    {
        using var scratch = new Scratch();
        var clock = new FakeTimeProvider(Sample.Start);
        await using var sqlite = await SqliteRunJournal.OpenAsync(scratch.File, clock, Noted.Format, default);
        var model = new MemoryRunJournal(clock);
        var leases = new Dictionary<(int Worker, int Fleet), Lease>();
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Operation == 3)
                clock.Advance(TimeSpan.FromSeconds(steps[i].Number * 3));
            var expected = await OutcomeAsync(model, steps[i], i, leases);
            Assert.Equal((i, steps[i], expected), (i, steps[i], await OutcomeAsync(sqlite, steps[i], i, leases)));
            if (steps[i].Operation == 0 && await model.HolderAsync(Fleets[steps[i].Fleet], default) is { } held && expected == held.ToString())
                leases[(steps[i].Worker, steps[i].Fleet)] = held;
            Assert.Equal(await StateAsync(model), await StateAsync(sqlite));
        }

        Assert.Null((await sqlite.VerifyAsync(default)).Fault);
    }

    /// <summary>What a journal says to an operation: what it returned, or the fault.</summary>
    private static async Task<string?> OutcomeAsync(IRunJournal journal, Step step, int place, Dictionary<(int, int), Lease> leases)
    {
        var fleet = Fleets[step.Fleet];
        var lease = leases.GetValueOrDefault((step.Worker, step.Fleet), new Lease(fleet, "nobody", 0, default));
        var run = $"{fleet}-{step.Run}";
        var sequence = (await journal.FindAsync(run, default))?.Sequence ?? 0;
        try
        {
            switch (step.Operation)
            {
                case 0:
                    return (await journal.AcquireAsync(fleet, $"w{step.Worker}", Sample.Lease, default)).ToString();
                case 1:
                    return (await journal.RenewAsync(lease, Sample.Lease, default)).ToString();
                case 2 when step.Number < 4:
                    await journal.ReleaseAsync(lease, default);
                    break;
                case 4:
                    await journal.BeginAsync(lease, run, [.. Claims.Where((_, i) => (step.Number >> i) % 2 == 1)], default);
                    break;
                case 5:
                    var belief = Math.Max(0, step.Number == 0 ? sequence - 1 : sequence);
                    await journal.GoOnAsync(lease, run, belief, default, 1 + (step.Number % 2), step.Number > 6, $"ask {step.Number}");
                    break;
                case 6:
                    await journal.SubmitAsync(new RunRequest($"ask {step.Number}", run, RequestKind.Pause, "ann", $"{place}", Sample.Start), default);
                    break;
            }

            return "done";
        }
        catch (JournalException error)
        {
            return error.Fault.ToString();
        }
    }

    /// <summary>All that a journal tells, as text.</summary>
    private static async Task<string> StateAsync(IRunJournal journal)
    {
        var told = new List<object?> { await journal.ClaimantAsync(["a", "b"], "web-1", default), await journal.ClaimantAsync(["c"], "", default) };
        foreach (var fleet in Fleets)
            told.Add(await journal.HolderAsync(fleet, default));
        foreach (var head in await journal.RunsAsync(null, 4, default))
        {
            told.Add(head);
            told.AddRange(await journal.RequestsAsync(head.Run, default));
            told.AddRange(await journal.ReadAsync(head.Run, 1, default).ToListAsync());
        }

        return string.Join('\n', told);
    }
}
