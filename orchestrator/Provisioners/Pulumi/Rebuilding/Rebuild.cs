using Refresh.Orchestrator.Provisioners.Pulumi.Guarding;
using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Provisioners.Pulumi.Stacks;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Rebuilding;

/// <summary>Carries out exactly what was previewed, and reads back what came of it.</summary>
internal sealed class Rebuild(PulumiPair pair, Keeper keeper, TimeProvider clock)
{
    public async Task<VmFacts> RunAsync(Member member, GoldenImage image, RebuildPreview preview, IProgress<string> progress, CancellationToken cancellation)
    {
        var token = await CheckedAsync(member, image, preview, cancellation);
        var before = await pair.ViewAsync(member, cancellation);
        if (before.State.Pending.Count > 0)
            throw Refusals.Unfinished(member, before, pair.Stack.Name);
        if (before.Vm.Identity != preview.Before.Identity || before.Vm.MustBeForced(image.Location) != token.Forced)
            throw Refusals.Stale(member, $"the preview was made for {preview.Before.Identity?.ToString() ?? "no VM"}, and there is {before.Vm.Identity?.ToString() ?? "none"} now");
        var kept = await keeper.KeepAsync(pair.Kept, before.Text, cancellation);
        var config = await ImageConfig.SetAsync(pair.Stack, pair.Project, before.Vm.Contract, image, cancellation);
        try
        {
            var target = new Target(before.Vm.Contract.Urn, token.Forced);
            var (completion, heard) = await Update.RunAsync(pair.Stack, before.Vm.Contract, target, token.File, keeper.NewEvents(pair.Kept), progress, clock, cancellation);
            var after = await pair.ViewAsync(member, CancellationToken.None);
            var rule = before.Contract.Rule ?? preview.Steps.FirstOrDefault(step => step.Subject == PlannedSubject.AntiAffinityRule)?.Resource;
            var faults = ReadBack.Faults(before, after, image.Location, rule, completion, heard);
            if (faults.Count > 0)
                throw Refusals.Failed(member, faults, kept.ToString());
            // Should the state be damaged from here on, this is the one to go back to.
            await keeper.KeepAsync(pair.Kept, after.Text, CancellationToken.None);
            var facts = after.Vm.Facts(clock.GetUtcNow());
            return facts with { Detail = $"{facts.Detail}; before: {kept}" };
        }
        catch (Exception failure) when (failure is AdapterException or OperationCanceledException)
        {
            await UndoAsync(member, before, config);
            throw;
        }
    }

    private static async Task<PlanToken> CheckedAsync(Member member, GoldenImage image, RebuildPreview preview, CancellationToken cancellation)
    {
        if (PlanToken.Parse(preview.Token) is not { } token)
            throw Refusals.Stale(member, "the preview was not made by this provisioner");
        if (token.Image != image.Location)
            throw Refusals.Stale(member, $"the preview was made for image {token.Image}, not for {image.Location}");
        if (!File.Exists(token.File) || Keeper.Digest(await File.ReadAllBytesAsync(token.File, cancellation)) != token.Digest)
            throw Refusals.Stale(member, $"the saved plan {token.File} is gone or was changed");
        return token;
    }

    /// <summary>Where nothing was done, the configuration must not go on asking for it: anybody's next update would do it.</summary>
    private async Task UndoAsync(Member member, StackView before, ImageConfig config)
    {
        try
        {
            if (ReadBack.NothingDone(before, await pair.ViewAsync(member, CancellationToken.None)))
                await config.UndoAsync();
        }
        catch (AdapterException)
        {
            // What failed first is told; the recovery looks at both.
        }
    }
}
