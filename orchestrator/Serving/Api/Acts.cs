using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Refresh.Orchestrator.Documents;
using Refresh.Orchestrator.Journals.Service;
using Refresh.Orchestrator.Serving.Access;
using Refresh.Orchestrator.Serving.Hosting;
using Refresh.Orchestrator.Serving.Secrets;

namespace Refresh.Orchestrator.Serving.Api;

/// <summary>
/// Carries out what is POSTed: once for each Idempotency-Key, and with a record of who asked, from where, why and what came of it.
/// It is carried out to its end also when the caller has gone, so that the same key then tells what came of it.
/// </summary>
internal sealed class Acts(AnswerStore answers, ActStore acts, Instance instance, TimeProvider clock, Func<string> newId, Redaction redaction, IHostApplicationLifetime life)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 200;
    private readonly ConcurrentDictionary<(string Asker, string Key), StoredAnswer> _underWay = new();

    /// <summary>Carries out an act and answers it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="carryOut">What is done: given the body, the caller, and the id that was settled for what it makes.</param>
    public async Task DoAsync<TBody>(HttpContext http, Func<TBody, Caller, string, CancellationToken, Task<Answer>> carryOut)
        where TBody : IActBody
    {
        var bytes = redaction.Clean(await ApiJson.BytesAsync(http));
        var body = ApiJson.Read<TBody>(http, bytes);
        await OnceAsync(http, bytes, body.Why, (caller, id, cancellation) => carryOut(body, caller, id, cancellation));
    }

    /// <summary>Takes files in, carries out an act with them and answers it. Who may not is refused before anything is sent.</summary>
    /// <param name="http">The request.</param>
    /// <param name="awaited">What is waited for.</param>
    /// <param name="permit">Refuses who may not.</param>
    /// <param name="carryOut">What is done: given what was sent, the caller, and the id that was settled for what it makes.</param>
    public async Task TakeAsync(HttpContext http, Awaited awaited, Action<Caller> permit, Func<Upload, Caller, string, CancellationToken, Task<Answer>> carryOut)
    {
        Key(http);
        await PermitAsync(http, permit);
        http.Allow(awaited.MostBytes);
        using var sent = await Upload.ReceiveAsync(http, awaited.Files, awaited.Texts, redaction);
        await OnceAsync(http, sent.Digest.ToArray(), sent.Text("why"), (caller, id, cancellation) => sent.ToldAsync(() => carryOut(sent, caller, id, cancellation)));
    }

    private async Task PermitAsync(HttpContext http, Action<Caller> permit)
    {
        var caller = Caller.Of(http);
        try
        {
            permit(caller);
        }
        catch (Problem refused)
        {
            await acts.AddAsync(Act(http, caller, null) with { Status = refused.Code.Status, Code = refused.Code.Code, Fleet = caller.About }, CancellationToken.None);
            throw;
        }
    }

    private async Task OnceAsync(HttpContext http, byte[] content, string? why, Func<Caller, string, CancellationToken, Task<Answer>> carryOut)
    {
        var caller = Caller.Of(http);
        var asked = new StoredAnswer(caller.Token, Key(http), Request(http, content), newId(), instance.Id, clock.GetUtcNow());
        var first = _underWay.TryAdd((asked.Asker, asked.Key), asked);
        StoredAnswer answer;
        try
        {
            var (taken, ours) = await answers.TakeAsync(asked, first, life.ApplicationStopping);
            answer = ours ? await SettleAsync(http, taken, Act(http, caller, why), () => carryOut(caller, taken.Subject, CancellationToken.None)) : Again(http, taken, asked);
        }
        finally
        {
            if (first)
                _underWay.TryRemove((asked.Asker, asked.Key), out _);
        }

        await WriteAsync(http, answer);
    }

    /// <summary>Carries out an act, and keeps what came of it: the act first, so that an answer that is kept has its act on record.</summary>
    private async Task<StoredAnswer> SettleAsync(HttpContext http, StoredAnswer taken, StoredAct act, Func<Task<Answer>> carryOut)
    {
        Answer answer;
        try
        {
            answer = await carryOut();
            act = act with { Fleet = answer.Fleet, Subject = answer.Subject, Status = answer.Status };
        }
        catch (Exception failure)
        {
            var (problem, document) = Problems.Of(failure, http);
            answer = new Answer(problem.Status, document);
            act = act with { Status = problem.Status, Code = problem.Code, Subject = (failure as Problem)?.Run, Fleet = Caller.Of(http).About };
            if (problem.Status >= 500)
            {
                // Nothing is settled: the same key may ask again, and has the same subject then.
                await acts.AddAsync(act, CancellationToken.None);
                throw;
            }
        }

        await acts.AddAsync(act, CancellationToken.None);
        var settled = taken with { Status = answer.Status, Location = answer.Location, Body = redaction.Clean(JsonSerializer.Serialize(answer.Body, DocumentJson.Options)) };
        await answers.KeepAsync(settled, CancellationToken.None);
        return settled;
    }

    private StoredAct Act(HttpContext http, Caller caller, string? why) =>
        new(clock.GetUtcNow(), caller.Person, caller.Token, caller.Origin, redaction.Clean($"{http.Request.Method} {http.Request.Path}"), null, null, why ?? string.Empty, 0, null);

    private static StoredAnswer Again(HttpContext http, StoredAnswer there, StoredAnswer asked)
    {
        if (there.Request != asked.Request)
            throw Problem.Of(ProblemCode.KeyReused, $"The {KeyHeader} {Problem.Shown(asked.Key)} was used for another request. Send a new key.");
        if (there.Status is null)
            throw Problem.Of(ProblemCode.KeyInFlight, $"The request with the {KeyHeader} {Problem.Shown(asked.Key)} is being carried out. Ask again in a moment.");
        http.Response.Headers["Idempotency-Replayed"] = "true";
        return there;
    }

    private static async Task WriteAsync(HttpContext http, StoredAnswer answer)
    {
        http.Response.StatusCode = answer.Status!.Value;
        http.Response.ContentType = answer.Status >= 400 ? Problems.ContentType : "application/json; charset=utf-8";
        if (answer.Location is { } location)
            http.Response.Headers.Location = location;
        await http.Response.WriteAsync(answer.Body ?? string.Empty, http.RequestAborted);
    }

    private static string Key(HttpContext http) =>
        http.Request.Headers[KeyHeader] is [{ Length: > 0 and <= LongestKey } key] && key.All(each => each is > ' ' and < '\u007F')
            ? key
            : throw Problem.Of(ProblemCode.KeyMissing, $"A POST needs a header {KeyHeader} with 1 to {LongestKey} visible ASCII characters, another one for each act: for example a UUID.");

    private static string Request(HttpContext http, byte[] body) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"), .. body]));
}

/// <summary>What an act is answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The document.</param>
/// <param name="Location">Where what it made is.</param>
/// <param name="Fleet">The fleet it is about.</param>
/// <param name="Subject">What it made or is about.</param>
internal sealed record Answer(int Status, object Body, string? Location = null, string? Fleet = null, string? Subject = null);
