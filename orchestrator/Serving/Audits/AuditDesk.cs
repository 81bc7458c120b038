using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Workflows.Audit;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Serving.Audits;

/// <summary>Audits that a caller asks for, of fleets that the caller may see.</summary>
internal sealed class AuditDesk(RunsWorker worker, FleetDirectory directory, AuditRound round)
{
    /// <summary>Makes an audit.</summary>
    /// <exception cref="Problem">A fleet may not be seen, or what is asked cannot be understood.</exception>
    public async Task<Answer> MakeAsync(AuditBody body, Caller caller, CancellationToken cancellation)
    {
        var normal = new AuditPolicy();
        var policy = new AuditPolicy
        {
            MaxImageAge = body.MaxAgeDays is { } days ? TimeSpan.FromDays(Bounded("maxAgeDays", days, 1, AuditBody.MostDays)) : normal.MaxImageAge,
            MaxAway = body.MaxAwaySeconds is { } seconds ? TimeSpan.FromSeconds(Bounded("maxAwaySeconds", seconds, 0, TimeSpan.FromDays(AuditBody.MostDays).TotalSeconds)) : normal.MaxAway,
        };
        var machines = body.Machines.Whole("machines").Select(machine => machine.Read()).ToList();
        var fleets = body.Fleets.Whole("fleets");
        var all = fleets.Count == 0;
        var desks = all ? [.. worker.Desks.Where(desk => caller.May(Permission.See, desk.Name))] : Named(fleets, caller);
        var unread = desks.Where(desk => desk.Source.Mistakes.Count > 0).Select(desk => Bad(desk.Source, "what it said when it was good last was audited"))
            .Concat(all && caller.May(Permission.Administer, null) ? directory.Bad.Where(file => file.Definition is null).Select(file => Bad(file, "its fleet was not looked at")) : []);
        var audit = await round.LookAsync(desks, machines, [.. unread], policy, null, cancellation);
        return new Answer(200, audit, Fleet: desks is [var only] ? only.Name : null);
    }

    private List<FleetDesk> Named(IReadOnlyList<string> fleets, Caller caller)
    {
        foreach (var fleet in fleets)
            caller.Require(Permission.See, fleet);
        return [.. fleets.Distinct(StringComparer.Ordinal).Select(worker.Desk)];
    }

    private static Reason Bad(FleetSource file, string kept) =>
        new(file.File, $"the fleet file {file.File} has {Counted.Of(file.Mistakes.Count, "mistake")}, and {kept}: {file.Mistakes[0]}", $"correct it: refresh validate {file.File}");

    private static double Bounded(string name, double value, double least, double most) => value >= least && value <= most
        ? value
        : throw Problem.Of(ProblemCode.InvalidRequest, FormattableString.Invariant($"\"{name}\" is {value} and must be {least} to {most}."));
}
