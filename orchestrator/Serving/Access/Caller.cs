using Microsoft.AspNetCore.Http;
using Refresh.Orchestrator.Application;
using Refresh.Orchestrator.Serving.Api;

namespace Refresh.Orchestrator.Serving.Access;

/// <summary>Who calls: proved by a token, or by whatever another face of the service proves.</summary>
/// <param name="Person">Whose acts they are.</param>
/// <param name="Token">The token's id; for another face, its name and what it was proved by.</param>
/// <param name="Grants">What they may do.</param>
/// <param name="Origin">Where the call comes from.</param>
internal sealed record Caller(string Person, string Token, Grants Grants, string Origin)
{
    private static readonly object s_key = new();

    /// <summary>The caller of a request that was let in.</summary>
    /// <exception cref="Problem">Nobody was let in.</exception>
    public static Caller Of(HttpContext http) => Find(http) ?? throw Problem.Of(ProblemCode.TokenMissing, "This needs a token.");

    /// <summary>The caller of a request; null before it was let in.</summary>
    public static Caller? Find(HttpContext http) => http.Items.TryGetValue(s_key, out var caller) ? (Caller?)caller : null;

    /// <summary>Notes whose request it is.</summary>
    public void Enter(HttpContext http) => http.Items[s_key] = this;

    /// <summary>The fleet that they were last asked a right for: what a record says that it was about, also when it was refused.</summary>
    public string? About { get; private set; }

    public bool May(Permission permission, string? fleet) => Grants.May(permission, fleet);

    /// <summary>Lets a caller do something, or refuses. A fleet that may not be seen is not told from one that is not there.</summary>
    /// <exception cref="Problem">They may not.</exception>
    public void Require(Permission permission, string? fleet)
    {
        About = fleet ?? About;
        if (May(permission, fleet))
            return;
        if (fleet is not null && !May(Permission.See, fleet))
            throw Problem.NoSuchFleet(fleet);
        throw Problem.Of(ProblemCode.RoleMissing, $"{Person} ({Grants}) may not {permission.ToString().ToLowerInvariant()}{(fleet is null ? string.Empty : $" on fleet {fleet}")}.");
    }

    /// <summary>The caller as who asks for something.</summary>
    public Asker Asks(string? why) => new(Person, why ?? string.Empty, Origin);
}
