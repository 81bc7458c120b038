using Refresh.Orchestrator.Engine;
using Refresh.Workflows.Ports;

namespace Refresh.Simulation.Bugs;

/// <summary>A bug that is planted to see that the simulation finds it: it decides, acts or journals otherwise than it should.</summary>
internal class PlantedBug : Workings
{
    public static readonly PlantedBug None = new();

    public virtual string Name => GetType().Name;

    /// <summary>The same bug for another seed: one that remembers nothing.</summary>
    public PlantedBug Fresh() => (PlantedBug)Activator.CreateInstance(GetType())!;

    public virtual IRunJournal Journal(IRunJournal journal) => journal;

    public virtual RunPorts Ports(RunPorts ports) => ports;
}
