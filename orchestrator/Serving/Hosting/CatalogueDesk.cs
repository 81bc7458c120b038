using Refresh.Orchestrator.Application.Catalogues;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Api;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Serving.Hosting;

/// <summary>The catalogues of the fleets, in the hands of those who call.</summary>
internal sealed class CatalogueDesk(RunsWorker worker, IRunJournal journal, TimeProvider clock)
{
    /// <summary>The catalogue of a fleet, for somebody who looks.</summary>
    /// <exception cref="Problem">The fleet may not be seen.</exception>
    public Task<Catalogue> OpenAsync(string fleet, Caller caller, CancellationToken cancellation)
    {
        caller.Require(Permission.See, fleet);
        return OpenAsync(worker.Desk(fleet), [], caller, cancellation);
    }

    /// <summary>The catalogue of a fleet, for somebody who changes it: each fleet with the same images is concerned.</summary>
    /// <exception cref="Problem">The caller may not, here or on another fleet with these images.</exception>
    public Task<Catalogue> OpenAsync(string fleet, Caller caller, Permission permission, CancellationToken cancellation)
    {
        Require(fleet, caller, permission);
        var desk = worker.Desk(fleet);
        return OpenAsync(desk, Sharing(desk), caller, cancellation);
    }

    /// <summary>Refuses who may not change the catalogue of a fleet.</summary>
    /// <exception cref="Problem">The caller may not, here or on another fleet with these images.</exception>
    public void Require(string fleet, Caller caller, Permission permission)
    {
        caller.Require(permission, fleet);
        if (Sharing(worker.Desk(fleet)).Any(other => !caller.May(permission, other.Name)))
            throw Problem.Of(ProblemCode.RoleMissing, $"{caller.Person} ({caller.Grants}) may not {permission.ToString().ToLowerInvariant()} on every fleet that has the images of fleet {fleet}.");
    }

    private Task<Catalogue> OpenAsync(FleetDesk desk, IEnumerable<FleetDesk> sharing, Caller caller, CancellationToken cancellation) => Catalogue.OpenAsync(
        desk.Definition.Images,
        new CatalogueHands(caller.Person, _ => Task.FromResult(journal), clock)
        {
            Sees = other => caller.May(Permission.See, other),
            Others = [.. sharing.Select(other => other.Definition.Images.Policy).OfType<Workflows.Trust.ImagePolicy>()],
        },
        cancellation);

    private IEnumerable<FleetDesk> Sharing(FleetDesk desk) =>
        worker.Desks.Where(other => other != desk && Path.GetFullPath(other.Definition.Images.Directory) == Path.GetFullPath(desk.Definition.Images.Directory));
}
