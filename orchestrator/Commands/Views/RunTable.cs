using System.Globalization;
using Refresh.Workflows.Evidence;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Machines;
using Refresh.Workflows.Reasons;
using Refresh.Workflows.Runs;
using Spectre.Console;

namespace Refresh.Orchestrator.Commands.Views;

/// <summary>A run as a table: each pair, each member, its step, since when, and what it waits for.</summary>
internal static class RunTable
{
    private const int MostPairs = 12;
    private const int LeastRoom = 12;

    // Between five columns: six lines, and a space on either side of each column.
    private const int Frame = 16;

    public static Table Of(Run run, IReadOnlyDictionary<MemberId, string> progress, DateTimeOffset now, int width)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Title(run, now)) };
        table.AddColumn(new TableColumn("Pair").NoWrap());
        table.AddColumn(new TableColumn("Member").NoWrap());
        table.AddColumn(new TableColumn("Step").NoWrap());
        table.AddColumn(new TableColumn("For").NoWrap().RightAligned());
        table.AddColumn(new TableColumn("What"));
        var rows = Shown(run).SelectMany(pair => pair.Members.Select((member, place) => new Row(
            place == 0 ? pair.Name : string.Empty,
            member.Id.Name,
            Step(pair, member),
            Style(member, pair),
            member.Active ? For(now - member.Since) : string.Empty,
            What(run, pair, member, progress)))).ToList();
        var others = Widest(rows, "Pair", row => row.Pair) + Widest(rows, "Member", row => row.Member) + Widest(rows, "Step", row => row.Step) + Widest(rows, "For", row => row.For);
        var room = Math.Max(LeastRoom, width - Frame - others);
        foreach (var row in rows)
            table.AddRow(new Text(row.Pair), new Text(row.Member), new Text(row.Step, row.Style), new Text(row.For), new Text(Cut(row.What, room)));
        return table;
    }

    private static int Widest(IEnumerable<Row> rows, string header, Func<Row, string> cell) => rows.Select(row => cell(row).Length).Append(header.Length).Max();

    // A clock that was set back makes nothing negative.
    private static string For(TimeSpan time) => Durations.InWords(time > TimeSpan.Zero ? time : TimeSpan.Zero);

    private static IEnumerable<PairProgress> Shown(Run run)
    {
        var all = run.Plan.Pairs().Select(pair => run.Pairs[pair.Name]).ToList();
        return all.Count <= MostPairs
            ? all
            : all.Where(pair => pair.State is PairState.Frozen or PairState.Refreshing or PairState.RollingBack or PairState.Soaking).Take(MostPairs);
    }

    private static string Title(Run run, DateTimeOffset now) => Markup.Escape(
        $"{run.Fleet.Name} to {run.Image.Ref.Label}   run {run.Id} {run.State}   {For((run.Finished ? run.UpdatedAt : now) - run.StartedAt)}");

    public static string Summary(Run run)
    {
        var pairs = run.Plan.Pairs().Select(pair => run.Pairs[pair.Name]).ToList();
        var away = pairs.Sum(pair => pair.Members.Count(member => member.Away));
        var done = pairs.Count(pair => pair.State is PairState.Refreshed or PairState.Skipped or PairState.RolledBack);
        var least = pairs.Count > 0 ? pairs.Min(pair => 2 - pair.Members.Count(member => member.Away)) : 2;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{done} of {pairs.Count} pairs done, {run.FrozenPairs} frozen   capacity {pairs.Count * 2 - away} of {pairs.Count * 2} members, every pair at least {least}");
    }

    private static string Step(PairProgress pair, MemberProgress member) => pair.State switch
    {
        PairState.Frozen when member.State == MemberState.Failed => "Failed, frozen",
        _ => member.State.ToString(),
    };

    private static Style Style(MemberProgress member, PairProgress pair) => member.State switch
    {
        MemberState.Refreshed or MemberState.Reverted => new Style(Color.Green),
        MemberState.Current or MemberState.Left => new Style(Color.Grey),
        MemberState.Failed => new Style(Color.Red),
        MemberState.Pending when pair.State == PairState.Pending => new Style(Color.Grey),
        MemberState.Pending or MemberState.Reverting => Spectre.Console.Style.Plain,
        _ => new Style(Color.Yellow),
    };

    private static string What(Run run, PairProgress pair, MemberProgress member, IReadOnlyDictionary<MemberId, string> progress)
    {
        if (member.Active && member.Waits.Count == 0)
            return progress.GetValueOrDefault(member.Id, string.Empty);
        if (Waiting.Of(run, member.Id) is [var why, ..])
            return member.State == MemberState.Failed ? why.Text : $"waits: {why}";
        if (pair.State == PairState.Soaking && progress.TryGetValue(member.Id, out var bakes))
            return bakes;
        return member is { State: MemberState.Refreshed or MemberState.Reverted, Proof.Guest: { } guest }
            ? $"runs {guest.Image.Label}, machine {guest.MachineId[..Math.Min(8, guest.MachineId.Length)]}"
            : string.Empty;
    }

    private sealed record Row(string Pair, string Member, string Step, Style Style, string For, string What);

    private static string Cut(string text, int room) => text.Length <= room ? text : text[..(room - 1)] + "…";
}
