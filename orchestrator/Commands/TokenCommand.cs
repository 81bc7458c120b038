using System.CommandLine;
using Microsoft.Extensions.Logging;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.FleetFiles.Reading;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Reports;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Triggers;

namespace Refresh.Orchestrator.Commands;

/// <summary><c>refresh token</c>: makes, lists and revokes the tokens of the API, in the journal of the service.</summary>
internal static class TokenCommand
{
    public static Command Create() => new("token", "Make, list or revoke tokens of the API.") { CreateToken(), List(), Revoke() };

    private static Command CreateToken()
    {
        var person = new Argument<string>("person") { Description = "Whose acts are journaled under it: letters, digits and . _ - @." };
        person.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !(name.Length is > 0 and <= 64 && name.All(each => char.IsAsciiLetterOrDigit(each) || "._-@".Contains(each, StringComparison.Ordinal))))
                result.AddError("A person has 1 to 64 letters, digits and . _ - @.");
            else if (result.GetValueOrDefault<string>() is { } who && (who is OrderDesk.Schedule or OrderDesk.Catalogue))
                result.AddError($"{who} is who runs are by that start by themselves; a person has another name.");
        });
        var roles = new Option<string[]>("--role") { Description = "viewer, operator, approver or admin; for one fleet alone: operator@shop. May be given again.", Required = true, AllowMultipleArgumentsPerToken = true };
        roles.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(token => token.Value).Where(text => Grant.Parse(text) is null))
                result.AddError($"'{text}' is no role: viewer, operator, approver or admin, and for one fleet alone operator@shop.");
        });
        var lasts = new Option<string?>("--lasts") { Description = "After what time it ends by itself, at most 30d; otherwise never." };
        lasts.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Durations.Read(text) is not { Ticks: > 0 })
                result.AddError("--lasts is a duration of at most 30d, for example 12h or 30d.");
        });
        var note = new Option<string>("--note") { Description = "What it is for.", DefaultValueFactory = _ => string.Empty };
        var command = new Command("create", "Make a token; it is shown once, and only its hash is kept.") { person, roles, lasts, note };
        command.Do(async (context, parsed, cancellation) =>
        {
            var tokens = new TokenStore((await context.JournalAsync(cancellation)).Database);
            var grants = new Grants([.. parsed.GetRequiredValue(roles).Select(Grant.Parse).OfType<Grant>()]);
            var desk = new TokenDesk(tokens, CommandContext.Clock, CommandContext.NewId, context.Loggers.CreateLogger<TokenDesk>());
            var (token, stored) = await desk.CreateAsync(parsed.GetRequiredValue(person), grants, parsed.GetRequiredValue(note), parsed.GetValue(lasts) is { } text ? Durations.Read(text) : null, CommandContext.User, cancellation);
            if (context.Json)
            {
                await context.Output.WriteJsonAsync(new { Token = token, stored.Id, stored.Person, Roles = grants.All.Select(grant => grant.ToString()), stored.ExpiresAt });
            }
            else
            {
                await context.Output.WriteLineAsync(token);
                await context.Error.WriteLineAsync($"This is the token {stored.Id} of {stored.Person} ({grants}){(stored.ExpiresAt is { } end ? $", until {Instants.Full(end)}" : string.Empty)}. It is not shown again. To end it: refresh token revoke {stored.Id}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the tokens; what opens is not kept, and not shown.");
        command.Do(async (context, _, cancellation) =>
        {
            var tokens = await new TokenStore((await context.JournalAsync(cancellation)).Database).ListAsync(cancellation);
            foreach (var token in context.Json ? tokens : [])
                await context.Output.WriteJsonAsync(new { token.Id, token.Person, Roles = token.Grants.Split(' '), token.Note, token.CreatedAt, token.CreatedBy, token.ExpiresAt, token.UsedAt, token.RevokedAt, token.RevokedBy });
            if (!context.Json)
                Show(Screen.Of(context), tokens, CommandContext.Clock.GetUtcNow());
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The token's id, as `refresh token list` shows it." };
        var command = new Command("revoke", "End a token at once.") { id };
        command.Do(async (context, parsed, cancellation) =>
        {
            var asked = parsed.GetRequiredValue(id);
            var revoked = await new TokenStore((await context.JournalAsync(cancellation)).Database).RevokeAsync(asked, CommandContext.User, CommandContext.Clock.GetUtcNow(), cancellation);
            if (!revoked)
                throw new CommandFailure(ExitCodes.Refused, "no-such-token", $"There is no token {asked} that still holds. Nothing was changed.", "`refresh token list` lists them.");
            if (context.Json)
                await context.Output.WriteJsonAsync(new { Id = asked, Revoked = true });
            else
                await context.Output.WriteLineAsync($"Token {asked} opens nothing any more.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(Screen screen, IReadOnlyList<StoredToken> tokens, DateTimeOffset now)
    {
        if (tokens.Count == 0)
            screen.Line("There is no token in this journal yet. `refresh token create` makes one.");
        screen.Table(
            ["ID", "PERSON", "ROLES", "CREATED", "LAST USED", "STATE", "NOTE"],
            [.. tokens.Select(token => new Cell[] { token.Id, token.Person, token.Grants, Instants.Full(token.CreatedAt), token.UsedAt is { } used ? Instants.Full(used) : "never", State(token, now), token.Note })]);
    }

    private static Cell State(StoredToken token, DateTimeOffset now) =>
        token.RevokedAt is not null ? new("revoked", Shade.Soft)
        : token.ExpiresAt <= now ? new("ended", Shade.Soft)
        : new(token.ExpiresAt is { } end ? $"until {Instants.Full(end)}" : "holds", Shade.Good);
}
