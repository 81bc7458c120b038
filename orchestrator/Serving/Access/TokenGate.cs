using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Refresh.Orchestrator.Serving.Api;

namespace Refresh.Orchestrator.Serving.Access;

/// <summary>Lets requests to the API in by their bearer token, and no others.</summary>
internal sealed class TokenGate(RequestDelegate next, TokenDesk tokens)
{
    private const string Scheme = "Bearer ";

    /// <summary>Lets a request in, or refuses it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsGuarded(http.Request.Path))
            (await AuthenticateAsync(http)).Enter(http);
        await next(http);
    }

    /// <summary>Where a call comes from, as acts note it.</summary>
    public static string Origin(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static bool IsGuarded(PathString path) => path.StartsWithSegments("/v1");

    private async Task<Caller> AuthenticateAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Refuse(http, ProblemCode.TokenMissing, "This needs a token: Authorization: Bearer rfsh_… `refresh token create` makes one.");
        var stored = await tokens.RecognizeAsync(value[Scheme.Length..].Trim(), http.RequestAborted);
        return stored is null
            ? throw Refuse(http, ProblemCode.TokenInvalid, "This token is unknown, was revoked or has ended.")
            : new Caller(stored.Person, stored.Id, Grants.Parse(stored.Grants), Origin(http));
    }

    private static Problem Refuse(HttpContext http, ProblemCode code, string detail)
    {
        http.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"refresh\"";
        return Problem.Of(code, detail);
    }
}
