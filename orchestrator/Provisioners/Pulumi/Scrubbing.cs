using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Provisioners.Pulumi;

/// <summary>Takes secrets out of all that leaves the adapter. Documents are parsed and kept as they are: a short secret may be part of an ordinary word in them.</summary>
internal static class Scrubbing
{
    public static Reason Scrub(this Secrets secrets, Reason reason) => new(reason.Code, secrets.Scrub(reason.Text), secrets.Scrub(reason.EndsWhen));

    public static VmFacts Scrub(this Secrets secrets, VmFacts vm) => vm with { Detail = secrets.Scrub(vm.Detail) };

    public static RebuildPreview Scrub(this Secrets secrets, RebuildPreview preview) => preview with
    {
        Steps = [.. preview.Steps.Select(step => step with { Detail = secrets.Scrub(step.Detail) })],
        Before = secrets.Scrub(preview.Before),
    };

    public static RebuildRecovery Scrub(this Secrets secrets, RebuildRecovery recovery) =>
        recovery with { Vm = secrets.Scrub(recovery.Vm), Rungs = [.. recovery.Rungs.Select(secrets.Scrub)] };

    public static IProgress<string> Scrub(this Secrets secrets, IProgress<string> progress) => new Scrubbed(secrets, progress);

    private sealed class Scrubbed(Secrets secrets, IProgress<string> progress) : IProgress<string>
    {
        public void Report(string value) => progress.Report(secrets.Scrub(value));
    }
}
