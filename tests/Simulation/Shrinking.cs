using Refresh.Simulation.Faults;

namespace Refresh.Simulation;

/// <summary>Makes a failing seed small: fewer pairs, fewer kinds of faults, fewer strikes, as long as a promise is still broken.</summary>
internal static class Shrinking
{
    private const int MostPlays = 400;
    private const long MostSteps = 4_000_000;

    /// <summary>Shrinks.</summary>
    /// <param name="setting">What breaks a promise.</param>
    /// <returns>The smallest that was found to break the same promise.</returns>
    public static Setting Shrink(Setting setting)
    {
        var (plays, steps) = (0, 0L);
        var promise = Playing.One(setting).Promise;
        bool Breaks(Setting smaller)
        {
            if (++plays > MostPlays || steps > MostSteps)
                return false;
            var played = Playing.One(smaller);
            steps += played.Steps;
            return played.Promise == promise;
        }

        for (var pairs = 1; pairs < setting.MaxPairs; pairs++)
        {
            if (!Breaks(setting with { MaxPairs = pairs }))
                continue;
            setting = setting with { MaxPairs = pairs };
            break;
        }

        foreach (var fault in Enum.GetValues<Fault>().Where(fault => !setting.Off.Contains(fault)))
        {
            var without = setting with { Off = setting.Off.Add(fault) };
            if (Breaks(without))
                setting = without;
        }

        for (var last = -1; last != setting.Spared.Count && plays < MostPlays && steps < MostSteps;)
        {
            last = setting.Spared.Count;
            foreach (var fault in Enum.GetValues<Fault>())
            {
                for (var strike = Playing.One(setting).Drawn(fault); strike > 0 && plays < MostPlays && steps < MostSteps; strike--)
                {
                    var without = setting with { Spared = setting.Spared.Add((fault, strike)) };
                    if (!setting.Spared.Contains((fault, strike)) && Breaks(without))
                        setting = without;
                }
            }
        }

        return setting;
    }
}
