using Refresh.Lab;
using Refresh.Lab.Cloud;
using Refresh.Lab.Serving;
using Xunit;

namespace Refresh.Orchestrator.Tests.Lab;

public sealed class IndependenceTests
{
    [Fact]
    public void The_lab_needs_nothing_else_of_Refresh()
    {
        var references = typeof(LabOptions).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(references, name => name.StartsWith("Refresh", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("3600000ms", 3_600_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("2h", 7_200_000)]
    [InlineData("0", 0)]
    [InlineData("5", null)]
    [InlineData("-1s", null)]
    [InlineData("soon", null)]
    public void A_duration_is_read_with_its_unit(string text, int? ms) =>
        Assert.Equal(ms, Duration.Parse(text)?.TotalMilliseconds);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1500, "1500ms")]
    [InlineData(90_000, "90s")]
    [InlineData(300_000, "5m")]
    [InlineData(3_600_000, "1h")]
    public void A_duration_is_written_as_it_can_be_read(int ms, string text)
    {
        Assert.Equal(text, Duration.Write(TimeSpan.FromMilliseconds(ms)));
        Assert.Equal(ms, Duration.Parse(text)?.TotalMilliseconds);
    }

    [Theory]
    [InlineData("127.83", "127.83")]
    [InlineData("127.83.0.0/16", "127.83")]
    [InlineData("10.83.0.0/16", null)]
    [InlineData("127.300", null)]
    public void A_subnet_is_a_part_of_the_loopback_network(string text, string? subnet)
    {
        if (subnet is null)
            Assert.Equal("bad-subnet", Assert.Throws<LabException>(() => Subnets.Parse(text)).Code);
        else
            Assert.Equal(subnet, Subnets.Parse(text));
    }
}
