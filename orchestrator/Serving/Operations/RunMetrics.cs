using Prometheus;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Serving.Events;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Runs;

namespace Refresh.Orchestrator.Serving.Operations;

/// <summary>What Prometheus reads: what was observed, never what was meant (promise 8). docs/serve.md has the table.</summary>
internal sealed class RunMetrics : IRunWatcher, IDisposable
{
    /// <summary>The prefix of every name.</summary>
    public const string Name = "refresh";

    private readonly Counter _ended;
    private readonly Histogram _steps;
    private readonly Counter _answered;
    private readonly IDisposable _http;

    public RunMetrics(IServiceProvider services)
    {
        Registry = Metrics.NewCustomRegistry();
        var made = Metrics.WithCustomRegistry(Registry);
        _ended = made.CreateCounter("refresh_runs_ended_total", "Runs that this process saw end, by their last state.", "fleet", "state");
        _steps = made.CreateHistogram("refresh_step_seconds", "How long a member was in a step.", new HistogramConfiguration { LabelNames = ["fleet", "step"], Buckets = Histogram.ExponentialBuckets(0.1, 2, 16) });
        _answered = made.CreateCounter("refresh_requests_answered_total", "What was asked of runs, and whether it was taken up.", "fleet", "kind", "outcome");
        Gauges(made, services);
        _http = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = Registry,
            InstrumentFilterPredicate = instrument => instrument.Meter.Name is "Microsoft.AspNetCore.Server.Kestrel" or "Microsoft.AspNetCore.Hosting",
        });
    }

    /// <summary>The metrics of this service, apart from any other of this process.</summary>
    public CollectorRegistry Registry { get; }

    /// <inheritdoc />
    public void Advanced(Run run, IReadOnlyList<JournalEntry> entries)
    {
        var fleet = run.Fleet.Name;
        foreach (var entry in entries)
        {
            if (entry.Event is RunMoved moved && RunMachine.IsFinal(moved.To))
                _ended.WithLabels(fleet, moved.To.ToString()).Inc();
            else if (entry.Event is RequestAnswered answer)
                _answered.WithLabels(fleet, answer.Request.Kind.ToString(), answer.Refusal is null ? "taken-up" : "refused").Inc();
        }
    }

    /// <inheritdoc />
    public void TakenUp(Run run, IReadOnlyList<JournalEntry> entries)
    {
        // It was counted when it happened.
    }

    /// <summary>A member has left a step.</summary>
    public void Left(string fleet, MemberState step, TimeSpan after) => _steps.WithLabels(fleet, step.ToString()).Observe(after.TotalSeconds);

    /// <inheritdoc />
    public void Progressed(MemberId member, string text)
    {
        // Nothing to count.
    }

    public void Dispose() => _http.Dispose();

    private void Gauges(MetricFactory made, IServiceProvider services)
    {
        T Get<T>() => (T)services.GetService(typeof(T))!;
        var runs = made.CreateGauge("refresh_run_state", "1 for the state that the run of a fleet is in, while this process works on it.", "fleet", "run", "state");
        var away = made.CreateGauge("refresh_members_away", "Members that are out of rotation by our doing.", "fleet");
        var frozen = made.CreateGauge("refresh_pairs_frozen", "Pairs that the run of a fleet has frozen.", "fleet");
        var blocked = made.CreateGauge("refresh_run_blocked", "1 while an unfinished run of a fleet cannot be worked on.", "fleet");
        var fleets = made.CreateGauge("refresh_fleets", "Fleets that are served.");
        var bad = made.CreateGauge("refresh_fleet_files_bad", "Fleet files with mistakes.");
        var streams = made.CreateGauge("refresh_event_streams", "Event streams that are open.");
        Registry.AddBeforeCollectCallback(() =>
        {
            foreach (var gauge in new[] { runs, away, frozen, blocked })
            {
                foreach (var labels in gauge.GetAllLabelValues().ToList())
                    gauge.RemoveLabelled(labels);
            }

            var desks = Get<RunsWorker>().Desks.ToList();
            foreach (var desk in desks)
            {
                blocked.WithLabels(desk.Name).Set(desk.Blocked is null ? 0 : 1);
                if (desk.Run is not { } run)
                    continue;
                runs.WithLabels(desk.Name, run.Id, run.State.ToString()).Set(1);
                away.WithLabels(desk.Name).Set(run.Pairs.Values.Sum(pair => pair.Members.Count(member => member.Away)));
                frozen.WithLabels(desk.Name).Set(run.FrozenPairs);
            }

            fleets.Set(desks.Count);
            bad.Set(Get<FleetDirectory>().Bad.Count);
            streams.Set(Get<EventStream>().Open);
        });
    }
}
