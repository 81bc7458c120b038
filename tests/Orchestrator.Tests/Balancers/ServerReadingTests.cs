using System.Text;
using CsCheck;
using Refresh.Orchestrator.Balancers.HAProxy;
using Refresh.Orchestrator.Tests.Fuzzing;
using Refresh.Workflows.Facts;
using Xunit;

namespace Refresh.Orchestrator.Tests.Balancers;

/// <summary>What the two tables of HAProxy mean, and that a damaged one means nothing.</summary>
public sealed class ServerReadingTests
{
    private const string States = "# be_name srv_name srv_addr srv_admin_state srv_uweight srv_iweight srv_port\nsite a 127.0.0.2 0 1 1 80\n\n";
    private const string Stats = "# pxname,svname,qcur,scur,status,throttle,check_status,last_chk,check_rise,check_fall,check_health,srv_icur,\nsite,a,0,0,UP,,L7OK,\"ok, \"\"fine\"\"\nyes\",2,3,4,0,\n\n";

    [Theory]
    [InlineData("UP", "L7OK", 0, 1, Rotation.In, BalancerHealth.Up)]
    [InlineData("UP", "* L4OK", 0, 1, Rotation.In, BalancerHealth.Up)]
    [InlineData("UP", "INI", 0, 1, Rotation.In, BalancerHealth.Changing)]
    [InlineData("UP 1/3", "L7OK", 0, 1, Rotation.In, BalancerHealth.Changing)]
    [InlineData("UP", "L7OK", 0, 0, Rotation.Draining, BalancerHealth.Up)]
    [InlineData("DOWN", "L4CON", 0, 1, Rotation.In, BalancerHealth.Down)]
    [InlineData("DOWN 1/2", "L7OK", 0, 1, Rotation.In, BalancerHealth.Changing)]
    [InlineData("DRAIN", "L7OK", 8, 1, Rotation.Draining, BalancerHealth.Up)]
    [InlineData("DRAIN", "L4TOUT", 8, 1, Rotation.Draining, BalancerHealth.Changing)]
    [InlineData("DRAIN 1/2", "L7OK", 8, 1, Rotation.Draining, BalancerHealth.Changing)]
    [InlineData("DRAIN (agent)", "L7OK", 8, 1, Rotation.Draining, BalancerHealth.Changing)]
    [InlineData("DRAIN", "L7OK", 16, 1, Rotation.Draining, BalancerHealth.Up)]
    [InlineData("DOWN", "L4CON", 8, 1, Rotation.Draining, BalancerHealth.Down)]
    [InlineData("NOLB", "L7OKC", 0, 1, Rotation.Draining, BalancerHealth.Changing)]
    [InlineData("MAINT", "", 1, 1, Rotation.Out, BalancerHealth.Unchecked)]
    [InlineData("MAINT (via site/b)", "", 2, 1, Rotation.Out, BalancerHealth.Unchecked)]
    [InlineData("MAINT (resolution)", "", 32, 1, Rotation.Out, BalancerHealth.Unchecked)]
    [InlineData("MAINT", "", 9, 1, Rotation.Out, BalancerHealth.Unchecked)]
    [InlineData("no check", "", 0, 1, Rotation.In, BalancerHealth.Unchecked)]
    [InlineData("UP", "L7OK", 1, 1, Rotation.Unclear, BalancerHealth.Up)]
    [InlineData("UP", "L7OK", 8, 1, Rotation.Unclear, BalancerHealth.Up)]
    [InlineData("MAINT", "", 0, 1, Rotation.Unclear, BalancerHealth.Unchecked)]
    public void A_status_means(string status, string check, int admin, int weight, Rotation rotation, BalancerHealth health)
    {
        var reading = Read(
            States.Replace(" 0 1 1 80", $" {admin} {weight} 1 80", StringComparison.Ordinal),
            Stats.Replace("UP,,L7OK", $"{status},,{check}", StringComparison.Ordinal));
        Assert.Equal((rotation, health), (reading.Rotation, reading.Health));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Up_needs_the_full_credit_of_checks(int credit, bool up)
    {
        var reading = Read(States, Stats.Replace("2,3,4,0", $"2,3,{credit},0", StringComparison.Ordinal));
        Assert.Equal(up, reading.Health == BalancerHealth.Up);
    }

    [Theory]
    [InlineData("status", "UPSIDE")]
    [InlineData("status", "")]
    [InlineData("scur", "")]
    [InlineData("scur", "-1")]
    [InlineData("scur", "many")]
    [InlineData("check_health", "x")]
    public void A_field_that_HAProxy_would_not_write_is_an_error(string column, string value)
    {
        var from = column switch { "status" => ",UP,", "scur" => ",0,UP", _ => ",4,0," };
        var to = column switch { "status" => $",{value},", "scur" => $",{value},UP", _ => $",{value},0," };
        Assert.Throws<FormatException>(() => Read(States, Stats.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_table_that_is_cut_anywhere_is_an_error()
    {
        for (var length = 0; length < Stats.Length; length++)
            Assert.Throws<FormatException>(() => Read(States, Stats[..length]));
        for (var length = 0; length < States.Length; length++)
            Assert.Throws<FormatException>(() => Read(States[..length], Stats));
    }

    [Theory]
    [InlineData("qcur")]
    [InlineData("scur")]
    [InlineData("status")]
    [InlineData("throttle")]
    [InlineData("check_status")]
    [InlineData("check_rise")]
    [InlineData("check_fall")]
    [InlineData("check_health")]
    [InlineData("srv_icur")]
    public void A_table_without_one_of_its_columns_is_an_error(string column) =>
        Assert.Throws<FormatException>(() => Read(States, Stats.Replace(column, "other", StringComparison.Ordinal)));

    [Fact]
    [Trait(Fuzz.Trait, "haproxy")]
    public void A_damaged_table_of_numbers_is_read_or_refused_and_nothing_else() =>
        Fuzz.Play(Fuzz.Of(Encoding.Latin1.GetBytes(Stats), most: 6), damaged => ReadOrRefused(States, Encoding.Latin1.GetString(damaged)), iter: 10_000);

    [Fact]
    [Trait(Fuzz.Trait, "haproxy")]
    public void A_damaged_table_of_states_is_read_or_refused_and_nothing_else() =>
        Fuzz.Play(Fuzz.Of(Encoding.Latin1.GetBytes(States), most: 6), damaged => ReadOrRefused(Encoding.Latin1.GetString(damaged), Stats), iter: 10_000);

    [Fact]
    public void Any_table_comes_back_as_it_was_written()
    {
        var fields = Gen.String[Gen.Char["ab\n,\"# "], 0, 5].Array[3];
        fields.Array[0, 5].Sample(rows =>
        {
            var text = "# x,y,z\n" + string.Concat(rows.Select(row => string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n")) + "\n";
            var read = RuntimeTable.Parse(text, ',').Select(row => new[] { row["x"], row["y"], row["z"] });
            return rows.SelectMany(row => row).SequenceEqual(read.SelectMany(row => row));
        });
    }

    [Theory]
    [InlineData("\n", true)]
    [InlineData("[3]: No such server.\n\n", false)]
    [InlineData("[6]: Unknown command, but maybe\n  show\n\n", false)]
    [InlineData("[4]: Invalid addr 'x' by 'stats socket command'\n\n", false)]
    [InlineData("[4]: IP changed from '10.0.0.1' to '10.0.0.2', no need to change the port by 'stats socket command'\n\n", true)]
    [InlineData("[4]: no need to change the addr, port changed from '1' to '2' by 'stats socket command'\n\n", true)]
    [InlineData("[4]: nothing changed\n\n", true)]
    [InlineData("[3]: nothing changed\n\n", false)]
    public void An_answer_to_a_change_of_address_is_a_success(string body, bool success) =>
        Assert.Equal(success, RuntimeAnswer.IsAddressSuccess(body));

    private static void ReadOrRefused(string states, string stats)
    {
        try
        {
            var reading = Read(states, stats);
            Assert.True(reading is { Sessions: >= 0, Old: >= 0 });
            Assert.NotEmpty(reading.Detail);
        }
        catch (FormatException)
        {
            // Refused, as it should be.
        }
    }

    private static ServerReading Read(string states, string stats) =>
        ServerReading.Parse("node", RuntimeTable.Parse(states, ' ') is [var state] ? state : throw new FormatException(), RuntimeTable.Parse(stats, ',') is [var stat] ? stat : throw new FormatException(), 0);
}
