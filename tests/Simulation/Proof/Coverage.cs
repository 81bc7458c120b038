using System.Globalization;
using System.Text;
using Refresh.Simulation.Faults;
using Refresh.Workflows.Machines;

namespace Refresh.Simulation.Proof;

/// <summary>How often each fault struck a member in each state, over many seeds, so that what has never happened is seen.</summary>
internal sealed class Coverage
{
    private static readonly Fault[] s_faults = Enum.GetValues<Fault>();
    private static readonly MemberState[] s_states = Enum.GetValues<MemberState>();

    private readonly long[,] _cells = new long[s_faults.Length, s_states.Length];
    private readonly long[] _strikes = new long[s_faults.Length];
    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);

    public void Strike(Fault fault) => _strikes[(int)fault]++;

    public void Strike(Fault fault, MemberState state) => _cells[(int)fault, (int)state]++;

    public void Count(string what, long times = 1) => _others[what] = _others.GetValueOrDefault(what) + times;

    public long Of(Fault fault) => _strikes[(int)fault];

    public long Of(Fault fault, MemberState state) => _cells[(int)fault, (int)state];

    public long Of(string what) => _others.GetValueOrDefault(what);

    public long Strikes => _strikes.Sum();

    /// <summary>Adds what another has counted.</summary>
    public void Add(Coverage other)
    {
        for (var fault = 0; fault < s_faults.Length; fault++)
        {
            _strikes[fault] += other._strikes[fault];
            for (var state = 0; state < s_states.Length; state++)
                _cells[fault, state] += other._cells[fault, state];
        }

        foreach (var (what, count) in other._others)
            _others[what] = _others.GetValueOrDefault(what) + count;
    }

    /// <summary>Faults by the state of the member that they struck; a dot is what has never happened.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"",-22}{"strikes",10}");
        foreach (var state in s_states)
            text.Append(CultureInfo.InvariantCulture, $"{Short(state),9}");
        text.Append('\n');
        foreach (var fault in s_faults)
        {
            text.Append(CultureInfo.InvariantCulture, $"{fault,-22}{Number(_strikes[(int)fault]),10}");
            foreach (var state in s_states)
                text.Append(CultureInfo.InvariantCulture, $"{Number(_cells[(int)fault, (int)state]),9}");
            text.Append('\n');
        }

        text.Append('\n');
        foreach (var (what, count) in _others.OrderBy(other => other.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{count,10:N0}  {what}\n");
        return text.ToString();
    }

    private static string Short(MemberState state) => state.ToString() is { Length: > 8 } name ? name[..8] : state.ToString();

    private static string Number(long count) => count == 0 ? "." : count.ToString("N0", CultureInfo.InvariantCulture);
}
