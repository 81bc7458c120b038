using Refresh.Orchestrator.Composition;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;

namespace Refresh.EndToEnd.Tests.Failpoints;

/// <summary>Puts a tripwire around each port that acts, and around the journal.</summary>
internal sealed class FailingSeam(Failpoint failpoint) : Seam
{
    private readonly StepNames _names = new();

    public override TimeProvider Clock => failpoint;

    public override IRunJournal Journal(SqliteRunJournal journal) => Tripwire.Around<IRunJournal>(journal, failpoint, _names);

    public override RunPorts Ports(RunPorts ports) => ports with
    {
        Balancer = Tripwire.Around(ports.Balancer, failpoint, _names),
        Provisioner = Tripwire.Around(ports.Provisioner, failpoint, _names),
        Journal = Journal((SqliteRunJournal)ports.Journal),
    };
}
