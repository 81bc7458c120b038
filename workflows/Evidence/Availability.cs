namespace Refresh.Workflows.Evidence;

/// <summary>How many members there were to carry the load, counted in members and never in percent (promise 10).</summary>
/// <param name="Members">Members of the fleet.</param>
/// <param name="Least">The least number of members that any pair had in rotation, counting what we took out: 2, 1 or 0.</param>
/// <param name="PairsNeverReduced">Pairs from which no member was taken out.</param>
/// <param name="PairsReducedToOne">Pairs that had one member in rotation at times, and always one.</param>
/// <param name="PairsReducedToNone">Pairs that had none at times; must be 0 (promise 1).</param>
/// <param name="Absences">How often a member was taken out.</param>
/// <param name="MostAway">The most members of the fleet that were out at the same time.</param>
/// <param name="CapacityLost">
/// Capacity lost in member-seconds: the sum, over all members that served until then, of the seconds that they were out. One
/// that is still out counts up to the last entry of the journal.
/// </param>
public sealed record Availability(
    int Members,
    int Least,
    int PairsNeverReduced,
    int PairsReducedToOne,
    int PairsReducedToNone,
    int Absences,
    int MostAway,
    double CapacityLost)
{
    internal static Availability Of(IReadOnlyList<PairReport> pairs, DateTimeOffset asOf)
    {
        var absences = pairs.SelectMany(pair => pair.Members).SelectMany(member => member.Absences).ToList();
        return new Availability(
            pairs.Sum(pair => pair.Members.Count),
            pairs.Count > 0 ? pairs.Min(pair => pair.Least) : 2,
            pairs.Count(pair => pair.Least == 2),
            pairs.Count(pair => pair.Least == 1),
            pairs.Count(pair => pair.Least == 0),
            absences.Count,
            Most(absences),
            absences.Where(absence => absence.Served).Sum(absence => absence.Duration(asOf).TotalSeconds));
    }

    private static int Most(List<Absence> absences)
    {
        var away = 0;
        var most = 0;
        var changes = absences.Select(absence => (Entry: absence.FromEntry, Change: 1))
            .Concat(absences.Where(absence => absence.ToEntry is not null).Select(absence => (Entry: absence.ToEntry!.Value, Change: -1)));
        foreach (var (_, change) in changes.OrderBy(change => change.Entry).ThenBy(change => change.Change))
            most = Math.Max(most, away += change);
        return most;
    }
}
