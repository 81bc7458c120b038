using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Refresh.Lab.Serving;

/// <summary>
/// How a lab's addresses are laid out in its part of 127.0.0.0/8: members on <c>127.N.PAIR.1</c> and <c>.2</c>, HAProxy on
/// <c>127.N.0.1</c> upwards, the lab's own interface on <c>127.N.255.254</c>, which also keeps another lab out.
/// </summary>
internal static partial class Subnets
{
    private const int First = 16;
    private const int Last = 250;

    public static string Member(string subnet, int pair, int member) => string.Create(CultureInfo.InvariantCulture, $"{subnet}.{pair}.{member}");

    public static string Balancer(string subnet, int node) => Member(subnet, 0, node);

    public static string Api(string subnet) => $"{subnet}.255.254";

    /// <summary>Reads <c>127.83</c>, <c>127.83.0.0</c> or <c>127.83.0.0/16</c>.</summary>
    public static string Parse(string text) =>
        Written().Match(text) is { Success: true } match && byte.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var part)
            ? $"127.{part}"
            : throw new LabException("bad-subnet", 400, $"'{text}' is not a /16 of 127.0.0.0/8.", "write it as 127.83.0.0/16");

    /// <summary>A part that nobody listens in, as far as a look at three of its addresses tells.</summary>
    public static string Free(int port)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var subnet = $"127.{RandomNumberGenerator.GetInt32(First, Last)}";
            if (Ports.IsFree(Api(subnet), port) && Ports.IsFree(Balancer(subnet, 1), port) && Ports.IsFree(Member(subnet, 1, 1), port))
                return subnet;
        }
        throw new LabException("no-free-subnet", 500, $"No free /16 of 127.0.0.0/8 was found for port {port}.", "choose another --port, or a --subnet");
    }

    [GeneratedRegex(@"^127\.(\d{1,3})(\.0\.0(/16)?)?$")]
    private static partial Regex Written();
}
