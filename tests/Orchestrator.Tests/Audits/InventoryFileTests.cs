using System.Text;
using CsCheck;
using Refresh.Orchestrator.Audits;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Audits;

public sealed class InventoryFileTests
{
    [Theory]
    [InlineData("name,host,power\r\nweb-1,10.0.0.1,on\r\n\r\n\"web,2\",,\"off\"\r\n")]
    [InlineData("""[{"name":"web-1","host":"10.0.0.1","power":"on"},{"name":"web,2","power":"off"}]""")]
    [InlineData("""{"machines":[{"name":"web-1","host":"10.0.0.1","power":"poweredOn"},{"name":"web,2","power":"PoweredOff"}]}""")]
    public void Machines_are_read_from_CSV_and_JSON(string text) =>
        Assert.Equal(
            [new("web-1", null, "10.0.0.1", null, VmPower.On, "list"), new("web,2", null, null, null, VmPower.Off, "list")],
            InventoryFile.Parse(Encoding.UTF8.GetBytes("\uFEFF" + text), "list"));

    [Theory]
    [InlineData("host\n1", "does not name the columns")]
    [InlineData("", "does not name the columns")]
    [InlineData("name,host\nweb", "line 2 has 1 cells, and its header 2")]
    [InlineData("name,power\n\nweb,asleep", "line 3: power is neither 'on' nor 'off'")]
    [InlineData("name\n\"web", "a quote in the row of line 2 is not closed")]
    [InlineData("name\nw\"eb", "line 2: a quote stands in the middle")]
    [InlineData("[{\"name\":\"a\"}", "not valid JSON")]
    [InlineData("[{\"name\":\"a\",\"name\":\"b\"}]", "not valid JSON")]
    [InlineData("[{\"host\":\"a\"}]", "machines[0].name is missing")]
    public void A_mistake_is_named_with_its_place(string text, string told) =>
        Assert.Contains(told, Assert.Throws<FormatException>(() => InventoryFile.Parse(Encoding.UTF8.GetBytes(text), "list")).Message, StringComparison.Ordinal);

    [Fact]
    public void Whatever_a_file_holds_is_read_or_refused_in_words() =>
        Gen.OneOf(Gen.String.Select(Encoding.UTF8.GetBytes), Gen.Byte.Array[0, 60], Gen.String[Gen.Char["name,\"\n\r[]{}:off on"], 0, 60].Select(Encoding.UTF8.GetBytes)).Sample(bytes =>
        {
            try
            {
                Assert.All(InventoryFile.Parse(bytes, "list"), machine => Assert.NotEmpty(machine.Name));
            }
            catch (FormatException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }, iter: 2000);

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error_that_names_it()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => new InventoryFile("/nowhere/list.csv").ListAsync(TestContext.Current.CancellationToken));
        Assert.Contains("/nowhere/list.csv", error.Reason.Text, StringComparison.Ordinal);
    }
}
