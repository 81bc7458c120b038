using System.Text;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

public sealed class LargeFleetTests
{
    [Fact]
    public void Ten_thousand_pairs_are_read()
    {
        var definition = Texts.Definition(Fleet(10_000));
        Assert.Equal(10_000, definition.Fleet.Pairs.Count);
        Assert.Equal("web-9999/b", definition.Fleet.Pairs[^1].Second.Id.ToString());
    }

    [Fact]
    public void Ten_thousand_mistakes_are_told() =>
        Assert.Equal(20_000, Texts.Parse(Fleet(10_000).Replace("address: ", "adress: ", StringComparison.Ordinal)).Mistakes.Count(mistake => mistake.Message.StartsWith("unknown key", StringComparison.Ordinal)));

    private static string Fleet(int pairs)
    {
        var text = new StringBuilder(Texts.Good[..Texts.Good.IndexOf("  - name: web-1\n", StringComparison.Ordinal)]);
        for (var i = 0; i < pairs; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"""
                  - name: web-{i}
                    members:
                      - name: a
                        address: 10.{i / 250}.{i % 250}.1:8080
                        server: web-{i}-a
                        vm: web-{i}-a
                      - name: b
                        address: 10.{i / 250}.{i % 250}.2:8080
                        server: web-{i}-b
                        vm: web-{i}-b

                """);
        }

        return text.ToString();
    }
}
