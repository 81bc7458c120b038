using System.CommandLine;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Documents;
using Refresh.Workflows.Reasons;

namespace Refresh.Orchestrator.Commands.Images;

/// <summary><c>refresh image approve</c> and <c>refresh image revoke</c>: what people decide about an image, kept in the catalogue's log.</summary>
internal static class ImageDecide
{
    public static Command CreateApprove()
    {
        var image = CatalogueOptions.Image();
        var comment = new Option<string?>("--comment") { Description = "What the approval rests on; an image in quarantine needs one." };
        var command = new Command("approve", "Approve an image as it is; with a comment, that releases it from quarantine.") { image, comment };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var approved = await catalogue.ApproveAsync(parsed.GetRequiredValue(image), parsed.GetValue(comment)?.Trim(), cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(approved);
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"{approved.By} approved {approved.Image}.");
            GateText.Write(screen, approved.Gates);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command CreateRevoke()
    {
        var image = CatalogueOptions.Image();
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var command = new Command("revoke", "Revoke an image for good: no run begins with it, and those under way stop at the next safe step.") { image, reason };
        command.Do(async (context, parsed, cancellation) =>
        {
            if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(reason)))
                throw new CommandFailure(ExitCodes.Usage, "reason-missing", "--reason is empty; a revocation says why.");
            var catalogue = await CatalogueOptions.OpenAsync(context, parsed, cancellation);
            var revoked = await catalogue.RevokeAsync(parsed.GetRequiredValue(image), parsed.GetRequiredValue(reason).Trim(), cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(revoked);
                return ExitCodes.Done;
            }

            var (screen, used) = (Screen.Of(context), revoked.RunBy);
            screen.Line($"{revoked.Image} is revoked. No run begins with it any more.");
            foreach (var run in revoked.Stops)
                screen.Line($"  run {run.Run} of fleet {run.Fleet} stops at its next safe step", Shade.Warning);
            screen.Line(used.Count == 0 ? "No run has seen a member with it." : $"{Counted.Of(used.Count, "member")} still run it, as the last runs saw: {string.Join(", ", used.Select(Told))}", used.Count == 0 ? Shade.None : Shade.Bad);
            return ExitCodes.Done;

            string Told(UsedImage each) => $"{each.Fleet}: {each.Member}{(each.Image == revoked.Image.Label ? string.Empty : $" ({each.Image}, the same content)")}";
        });
        return command;
    }
}
