using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Runs;

namespace Refresh.Workflows.Tests.Simulation;

/// <summary>The worker's part: jobs, one acting job of a member at a time, and its loss.</summary>
internal sealed partial class Simulation
{
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<MemberId, Queue<Job>> _acting = [];

    private void Start(Intent intent)
    {
        var job = new Job(intent);
        _jobs.Add(intent.Id, job);
        if (!intent.Acts)
        {
            After(_scenario.Between(0, 0.05), () => Resume(job));
            return;
        }

        if (!_acting.TryGetValue(intent.Member, out var queue))
            _acting[intent.Member] = queue = new Queue<Job>();
        queue.Enqueue(job);
        if (queue.Count == 1)
            After(_scenario.Between(0, 0.05), () => Resume(job));
    }

    private void Resume(Job job)
    {
        if (job.Ended)
            return;
        if (job.Steps is null && !job.Withdrawn)
        {
            World.Observer.Begins(job.Intent);
            job.Steps = _carrier.CarryOut(job).GetEnumerator();
        }

        if (job.Withdrawn)
            End(job);
        else if (World.Now >= job.Intent.Deadline)
            GiveUp(job);
        else if (job.Steps!.MoveNext())
            After(Shorter(job.Steps.Current, job.Intent.Deadline - World.Now), () => Resume(job));
        else
            Deliver(job);
    }

    private void GiveUp(Job job)
    {
        Log.Note(World.Now, $"{job.Intent.Id} passed its deadline");
        GoOnAlone(job);
        job.Outcome = Carrier.Failure("deadline") with { DeadlinePassed = true };
        Deliver(job);
    }

    private void Deliver(Job job)
    {
        End(job);
        if (job is { Intent: Rejoin, Outcome: Failed })
            World[job.Intent.Member].ServedWhenDrained = false;
        var outcome = job.Outcome ?? throw new BrokenPromiseException($"{job.Intent.Id} ended without an outcome");
        After(_scenario.Between(0, 0.1), () => Step(new Arrived(job.Intent.Id, outcome)));
    }

    private void End(Job job)
    {
        job.Ended = true;
        _jobs.Remove(job.Intent.Id);
        if (!job.Intent.Acts || _acting[job.Intent.Member] is not { Count: > 0 } queue || queue.Peek() != job)
            return;
        queue.Dequeue();
        if (queue.TryPeek(out var next))
            After(_scenario.Between(0, 0.05), () => Resume(next));
    }

    private void Withdraw(string id)
    {
        if (!_jobs.TryGetValue(id, out var job))
            return;
        if (job.Steps is not null && job.Intent is not WatchPeer && _scenario.Strikes(Fault.LateEffect))
            return;
        job.Withdrawn = true;
    }

    private void LoseWorker(string when)
    {
        Log.Note(World.Now, $"the worker is lost {when}");
        _workerIsUp = false;
        foreach (var job in _jobs.Values)
        {
            job.Ended = true;
            GoOnAlone(job);
        }

        _jobs.Clear();
        _acting.Clear();
        After(_scenario.Between(1, 120), Recover);
    }

    private void Recover()
    {
        _workerIsUp = true;
        _run = Log.Fold();
        if (_run.State == RunState.Planned)
            Hear();
        Step(new TakeOver("worker-2"));
        ReadCalendar();
        Hear();
    }

    private void Hear()
    {
        foreach (var request in _unread.ToList())
        {
            _unread.Remove(request);
            Step(new Asked(request));
        }
    }

    /// <summary>What a lost or impatient worker leaves of a rebuild: a provisioner that stops where it is, or one that goes on alone.</summary>
    private void GoOnAlone(Job job)
    {
        if (job.Intent is not Rebuild rebuild || World[rebuild.Member] is not { Provisioning: true } member)
            return;
        if (!_scenario.Strikes(Fault.ProvisionerGoesOnAlone))
        {
            member.Provisioning = false;
            return;
        }

        After(_scenario.Between(1, 60), () =>
        {
            if (member.Identity is null || member.Identity == rebuild.Plan.Before.Identity)
                World.Make(member, rebuild.Image);
            member.Provisioning = false;
            Log.Note(World.Now, $"the provisioner finished {rebuild.Id} alone");
        });
    }

    private void Miss(Stimulus stimulus)
    {
        if (stimulus is Asked asked)
            _unread.Add(asked.Request);
        else if (stimulus is Arrived)
            _tally.Count($"fault {Fault.OutcomeLost}");
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
