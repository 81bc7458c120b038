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
        var image = Catalogue.Image();
        var comment = new Option<string?>("--comment") { Description = "What the approval rests on; an image in quarantine needs one." };
        var command = new Command("approve", "Approve an image as it is; with a comment, that releases it from quarantine.") { image, comment };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var found = await catalogue.FindAsync(parsed.GetRequiredValue(image), cancellation);
            catalogue.RefuseUnlessMayDecide("approve images");
            // Nobody approves what is not what its digest says.
            await catalogue.Reader.FindAsync(found.Image.Ref.Name, found.Image.Ref.Version, cancellation);
            await catalogue.Writer.ApproveAsync(found, CommandContext.User, parsed.GetValue(comment)?.Trim(), cancellation);
            var gates = await catalogue.JudgeAsync(found, cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(new { Image = found.Image.Ref, By = CommandContext.User, gates.Facts.Approvals, Usable = !gates.Refusals.Any(), gates.Refusals });
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"{CommandContext.User} approved {found.Image.Ref}.");
            GateText.Write(screen, gates);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command CreateRevoke()
    {
        var image = Catalogue.Image();
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var command = new Command("revoke", "Revoke an image for good: no run begins with it, and those under way stop at the next safe step.") { image, reason };
        command.Do(async (context, parsed, cancellation) =>
        {
            var catalogue = await Catalogue.OpenAsync(parsed, cancellation);
            var found = await catalogue.FindAsync(parsed.GetRequiredValue(image), cancellation);
            catalogue.RefuseUnlessMayDecide("revoke images");
            if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(reason)))
                throw new CommandFailure(ExitCodes.Usage, "reason-missing", "--reason is empty; a revocation says why.");
            await catalogue.Writer.RevokeAsync(found, CommandContext.User, parsed.GetRequiredValue(reason).Trim(), cancellation);
            var journal = await context.JournalAsync(cancellation);
            var used = (await ImageUse.ReadAsync(journal, cancellation)).Where(each => each.Image == found.Image.Ref.Label).ToList();
            var runs = (await journal.RunsAsync(null, int.MaxValue, cancellation)).Where(head => !head.Finished && head.Image == found.Image.Ref.Label).ToList();
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(new { Image = found.Image.Ref, By = CommandContext.User, RunBy = used, Stops = runs.Select(head => head.Run) });
                return ExitCodes.Done;
            }

            var screen = Screen.Of(context);
            screen.Line($"{found.Image.Ref} is revoked. No run begins with it any more.");
            foreach (var run in runs)
                screen.Line($"  run {run.Run} of fleet {run.Fleet} stops at its next safe step", Shade.Warning);
            screen.Line(used.Count == 0 ? "No run has seen a member with it." : $"{Counted.Of(used.Count, "member")} still run it, as the last runs saw: {string.Join(", ", used.Select(each => $"{each.Fleet}: {each.Member}"))}", used.Count == 0 ? Shade.None : Shade.Bad);
            return ExitCodes.Done;
        });
        return command;
    }
}
