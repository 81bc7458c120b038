using System.CommandLine;
using Refresh.Lab.Commands;

namespace Refresh.Orchestrator.Commands.Audits;

/// <summary>What <c>refresh audit</c> takes.</summary>
internal sealed class AuditOptions
{
    public Argument<string[]> Files { get; } = new("fleets") { Description = "Fleet files; otherwise fleet.yaml.", Arity = ArgumentArity.ZeroOrMore };

    public Option<string?> All { get; } = new("--all") { Description = "Every fleet file in this directory and below; otherwise in the current one.", Arity = ArgumentArity.ZeroOrOne, HelpName = "directory" };

    public Option<string[]> Inventory { get; } = new("--inventory") { Description = "A list of all machines, CSV or JSON, to find those that no fleet has; may be given several times." };

    public Option<string?> Since { get; } = new("--since") { Description = "An earlier audit, as --json printed it: tells the difference." };

    public Option<string?> Sarif { get; } = new("--sarif") { Description = "Write the findings to this file as SARIF 2.1.0." };

    public Option<string?> Html { get; } = new("--html") { Description = "Write the audit to this file, as one page that needs nothing else." };

    public Option<AuditLevel> FailOn { get; } = new("--fail-on") { Description = "The least risk that makes the exit code 1.", DefaultValueFactory = _ => AuditLevel.High };

    public Option<int> MaxAge { get; } = new Option<int>("--max-age") { Description = "How many days old the image of a member may be.", DefaultValueFactory = _ => 30 }
        .Between(1, 36_500, _ => "--max-age is a number of days, 1 to 36500.");

    public Option<string> MaxAway { get; } = new("--max-away") { Description = "How long a member may be out of rotation.", DefaultValueFactory = _ => "1h" };
}

/// <summary>The least risk that makes the exit code 1.</summary>
internal enum AuditLevel
{
    Note,
    Low,
    Medium,
    High,
    Critical,
    Never,
}
