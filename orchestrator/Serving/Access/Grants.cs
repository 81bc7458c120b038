namespace Refresh.Orchestrator.Serving.Access;

/// <summary>A role for one fleet, or for all.</summary>
/// <param name="Role">The role.</param>
/// <param name="Fleet">The fleet's name; null for every fleet.</param>
internal sealed record Grant(Role Role, string? Fleet)
{
    /// <summary>Reads <c>operator</c> or <c>operator@shop</c>; null when it is neither.</summary>
    public static Grant? Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var (role, fleet) = at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
        return Enum.GetNames<Role>().Any(name => name.Equals(role, StringComparison.OrdinalIgnoreCase)) && fleet != string.Empty
            ? new Grant(Enum.Parse<Role>(role, ignoreCase: true), fleet)
            : null;
    }

    /// <inheritdoc />
    public override string ToString() => Fleet is null ? Role.ToString().ToLowerInvariant() : $"{Role.ToString().ToLowerInvariant()}@{Fleet}";
}

/// <summary>All that somebody may do.</summary>
/// <param name="All">The grants.</param>
internal sealed record Grants(IReadOnlyList<Grant> All)
{
    /// <summary>Reads grants with spaces between them; what is none gives nothing.</summary>
    public static Grants Parse(string text) => new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Grant.Parse).OfType<Grant>()]);

    /// <summary>Whether this may be done to a fleet; null for what concerns every fleet.</summary>
    public bool May(Permission permission, string? fleet) => All.Any(grant => (grant.Fleet is null || grant.Fleet == fleet) && grant.Role.May(permission));

    /// <summary>The fleets that this may be done to, by name; null for all.</summary>
    public IReadOnlySet<string>? Fleets(Permission permission) =>
        May(permission, null) ? null : All.Where(grant => grant.Role.May(permission)).Select(grant => grant.Fleet!).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc />
    public override string ToString() => string.Join(' ', All);
}
