using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Engine;
using Refresh.Orchestrator.Journals;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Application.Doctor;

/// <summary>Everything that a run needs, looked at in turn: the fleet file, the journal, then the world. Each check has its time, and what stops one is its finding. Changes nothing.</summary>
/// <param name="timeout">How long each check may take.</param>
/// <param name="clock">The only clock.</param>
internal sealed class Checkup(TimeSpan timeout, TimeProvider clock)
{
    /// <summary>Looks at all of it.</summary>
    /// <param name="file">The fleet file, and what is to be said of it.</param>
    /// <param name="image">Another image than the fleet file's; null for that one.</param>
    /// <param name="journal">Opens the journal.</param>
    /// <param name="use">Lends the adapters of the fleet.</param>
    /// <param name="cancellation">Ends the look.</param>
    public async Task<DoctorDocument> MakeAsync(FleetFileChecked file, ImageChoice? image, Func<CancellationToken, Task<SqliteRunJournal>> journal, UseAdapters use, CancellationToken cancellation)
    {
        var findings = new List<Finding>(file.Findings);
        var kept = await new Bounded(timeout, clock).CheckAsync("journal", async token => await JournalCheck.LookAsync(await journal(token), token), cancellation);
        findings.AddRange(kept);
        var examination = file.Definition is { } definition && kept.All(finding => finding.Level != FindingLevel.Wrong)
            ? await ExamineAsync(definition, image, use, findings, cancellation)
            : NotLookedAt(findings);
        return DoctorDocument.Of(file.Path, file.Definition, findings, examination);
    }

    private async Task<Examination?> ExamineAsync(FleetDefinition definition, ImageChoice? image, UseAdapters use, List<Finding> findings, CancellationToken cancellation)
    {
        try
        {
            var examination = await use(definition, (used, ports, unknown) => new FleetDoctor(used, image ?? used.Image, ports, unknown, timeout).ExamineAsync(cancellation));
            findings.AddRange(examination.Findings);
            return examination;
        }
        catch (AdapterException failure)
        {
            findings.Add(Finding.Wrong("adapters", failure.Reason));
            return null;
        }
    }

    private static Examination? NotLookedAt(List<Finding> findings)
    {
        findings.Add(Finding.Warning("the rest", "image, balancer, provisioner and members were not looked at", "put right what is wrong above, then ask again"));
        return null;
    }
}

/// <summary>Lends the adapters of a fleet for one examination.</summary>
/// <param name="definition">The fleet file.</param>
/// <param name="look">Looks through them: given the fleet file that they were made from, and what they cannot see.</param>
internal delegate Task<Examination> UseAdapters(FleetDefinition definition, Func<FleetDefinition, RunPorts, IReadOnlyList<string>, Task<Examination>> look);

/// <summary>A fleet file that was read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Definition">What it says; null when it has mistakes.</param>
/// <param name="Findings">What is to be said of it.</param>
internal sealed record FleetFileChecked(string Path, FleetDefinition? Definition, IReadOnlyList<Finding> Findings)
{
    private const string Name = "fleet file";

    /// <summary>A file and its mistakes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="definition">What it says, or said when it was good last; null when there is none.</param>
    /// <param name="mistakes">What is wrong with it now.</param>
    public static FleetFileChecked Of(string path, FleetDefinition? definition, IEnumerable<string> mistakes)
    {
        List<Finding> wrong = [.. mistakes.Select(mistake => Finding.Wrong(Name, mistake, "correct it; `refresh validate` checks it alone"))];
        if (definition is not null)
            wrong.Add(wrong.Count == 0
                ? Finding.Ok(Name, $"{path} is good: fleet {definition.Fleet.Name}, {Workflows.Reasons.Counted.Of(definition.Fleet.Pairs.Count, "pair")}")
                : Finding.Warning(Name, "what it said when it was good last is in use", "correct the file; it is read again when it changes"));
        return new FleetFileChecked(path, definition, wrong);
    }
}
