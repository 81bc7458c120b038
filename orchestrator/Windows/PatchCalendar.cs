using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cronos;
using NodaTime;
using NodaTime.TimeZones;
using Refresh.Orchestrator.Settings;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Windows;

namespace Refresh.Orchestrator.Windows;

/// <summary>Patch windows from cron expressions and iCalendar files, freezes taken out (reference: windows).</summary>
/// <param name="fleet">The fleet's name, which its share of the jitter comes from.</param>
/// <param name="settings">What opens windows and what freezes them.</param>
public sealed class PatchCalendar(string fleet, WindowSettings settings) : IPatchCalendar
{
    /// <summary>How far ahead is looked: 400 days, so that what happens once a year is seen.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(400);

    /// <summary>How many windows an outlook holds at most.</summary>
    public const int MostWindows = 24;

    private const int MostStarts = 20_000;

    /// <summary>No window is longer than this, so that one which is open now began no earlier.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(31);

    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[settings.TimeZone];
    private readonly TimeZoneInfo _cronZone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);

    /// <summary>The calendar of a fleet file; null when it has no windows.</summary>
    /// <param name="definition">The fleet file.</param>
    /// <returns>The calendar.</returns>
    public static PatchCalendar? Of(FleetDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Windows is { } windows ? new PatchCalendar(definition.Fleet.Name, windows) : null;
    }

    /// <summary>By how much this fleet's windows start later: its share of the jitter, in whole seconds.</summary>
    public TimeSpan Delay => TimeSpan.FromSeconds(Math.Floor(settings.Jitter.TotalSeconds * Share));

    /// <inheritdoc />
    public async Task<WindowOutlook> LookAsync(DateTimeOffset at, CancellationToken cancellation) => (await ReadAsync(at, cancellation)).Outlook;

    /// <summary>Reads the calendars once, for the windows and for the freezes that they leave out.</summary>
    /// <param name="at">Now.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The windows, and each freeze from now to the end of the outlook, as the calendars say.</returns>
    /// <exception cref="AdapterException">A calendar cannot be read.</exception>
    public async Task<(WindowOutlook Outlook, IReadOnlyList<PatchWindow> Freezes)> ReadAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var now = at.ToUniversalTime();
        var (from, until) = (now - s_longest, now + Horizon);
        var open = new List<PatchWindow>();
        foreach (var opening in settings.Open)
        {
            var times = await TimesAsync(opening, from, now, until, cancellation);
            open.AddRange(times);
            if (times.Count(time => time.Start >= now) == MostStarts)
                until = times[^1].Start;
        }

        var freezes = await FreezesAsync(from, until, cancellation);
        var windows = Spans.Without(Spans.Merge(open.Select(Later)), Spans.Merge(freezes)).Where(window => window.End > now && window.Start < until).Take(MostWindows).ToList();
        var outlook = new WindowOutlook(windows, windows.Count == MostWindows ? windows[^1].End : until);
        return (outlook, [.. freezes.Where(span => span.End > now && span.Start < outlook.Until)]);
    }

    /// <summary>Whether windows by a cron expression end before they are longer than any may be.</summary>
    /// <param name="cron">The expression.</param>
    /// <param name="duration">How long each is.</param>
    /// <returns>False when they run into each other for ever, or nearly.</returns>
    internal static bool Ends(CronExpression cron, TimeSpan duration)
    {
        var first = cron.GetNextOccurrence(DateTime.UnixEpoch, inclusive: true);
        var end = first + duration;
        foreach (var start in first is { } begin ? cron.GetOccurrences(begin, begin + s_longest + TimeSpan.FromDays(1)) : [])
        {
            if (start > end)
                return true;
            end = start + duration;
        }

        return end - first <= s_longest || first is null;
    }

    private async Task<IReadOnlyList<PatchWindow>> FreezesAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation)
    {
        var frozen = new List<PatchWindow>();
        foreach (var freeze in settings.Freezes)
        {
            frozen.AddRange(freeze switch
            {
                DateFreeze dates => [Time(dates)],
                CalendarFreeze events => CalendarFile.Times(await CalendarFile.ReadAsync(events.File, cancellation), events.File, _zone, from, until),
                _ => throw new NotSupportedException($"Nobody freezes by {freeze.GetType().Name}."),
            });
        }

        return [.. frozen.Where(span => span.End > from && span.Start < until)];
    }

    private double Share => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(fleet))) / (double)uint.MaxValue;

    private PatchWindow Later(PatchWindow window) => window with { Start = window.Start + Delay };

    private async Task<IReadOnlyList<PatchWindow>> TimesAsync(OpeningSettings opening, DateTimeOffset from, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation) => opening switch
    {
        CronOpening cron => [.. Starts(CronExpression.Parse(cron.Cron), from, now, until).Select(start => new PatchWindow(start.ToUniversalTime(), start.ToUniversalTime() + cron.Duration))],
        CalendarOpening events => [.. CalendarFile.Times(await CalendarFile.ReadAsync(events.File, cancellation), events.File, _zone, from, until)],
        _ => throw new NotSupportedException($"Nothing opens windows by {opening.GetType().Name}."),
    };

    // All that have begun, so that a window which is made of many keeps its begin, and so many to come.
    private IEnumerable<DateTimeOffset> Starts(CronExpression cron, DateTimeOffset from, DateTimeOffset now, DateTimeOffset until) =>
        cron.GetOccurrences(from, now, _cronZone).Concat(cron.GetOccurrences(now, until, _cronZone).Take(MostStarts));

    /// <summary>A freeze wins: where its begin or end is there twice or never, it lasts longer rather than shorter.</summary>
    private PatchWindow Time(DateFreeze freeze) => new(
        freeze.From.InZone(_zone, Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter)).ToDateTimeOffset().ToUniversalTime(),
        freeze.To.InZone(_zone, Resolvers.CreateMappingResolver(Resolvers.ReturnLater, Resolvers.ReturnStartOfIntervalAfter)).ToDateTimeOffset().ToUniversalTime());
}
