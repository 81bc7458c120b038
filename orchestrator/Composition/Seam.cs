using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Composition;

/// <summary>Where the crash tests step between the program and its ports. The program itself puts nothing here, and no option or variable of it does; docs/reliability.md argues why.</summary>
internal class Seam
{
    public static Seam Current { get; set; } = new();

    public virtual TimeProvider Clock => TimeProvider.System;

    public virtual IRunJournal Journal(SqliteRunJournal journal) => journal;

    public virtual RunPorts Ports(RunPorts ports) => ports;
}
