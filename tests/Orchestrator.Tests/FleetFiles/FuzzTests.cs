using CsCheck;
using Refresh.Orchestrator.Settings;
using Refresh.Orchestrator.Tests.Fuzzing;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Whatever stands in a file, reading it ends, and never with a definition that breaks a promise.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "\n", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", ",", "#", "'", "\"", "|", ">", "&a ", "*a", "!x ", "!!int ", "<<: ", "? ", "---\n", "...\n", "%YAML 1.2\n",
        "~", "null", "true", "-1", "0", "99999999999999999999", "1e9", "0s", "10.0.0.11:8080", "web-1", "\0", "\u2028", "\uD800", "é", "\\", "`", "@", "\r",
        "name: a\n", "pairs:\n", "      - { name: c, address: 10.0.0.11:8080 }\n", "  yarp: { listen: 0.0.0.0:80 }\n",
    ];

    /// <summary>A cut, a piece put in, a stretch doubled, or a character replaced.</summary>
    private static readonly Gen<Func<string, string>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 40], (at, length) => new Func<string, string>(text => text.Remove(At(text, at), Math.Min(length, text.Length - At(text, at))))),
        Gen.Select(Gen.Double.Unit, Gen.OneOf(Pieces), (at, piece) => new Func<string, string>(text => text.Insert(At(text, at), piece))),
        Gen.Select(Gen.Double.Unit, Gen.Int[1, 120], (at, length) => new Func<string, string>(text => text.Insert(At(text, at), text.Substring(At(text, at), Math.Min(length, text.Length - At(text, at)))))),
        Gen.Select(Gen.Double.Unit, Gen.Char, (at, c) => new Func<string, string>(text => text.Insert(At(text, at), c.ToString()))),
        Gen.Select(Gen.Double.Unit, Gen.Int[0, 25], Gen.Int[0, 25], (_, from, to) => new Func<string, string>(text => Move(text, from, to))));

    [Fact]
    [Trait(Fuzz.Trait, "fleet-files")]
    public void A_mutated_file_is_refused_or_yields_a_sound_definition()
    {
        var (good, played) = (0, 0);
        Gen.Select(Mutation.Array[1, 4], mutations => mutations.Aggregate(Texts.Good, (text, mutate) => mutate(text)))
            .Sample(text => (good, played) = (good + (IsSound(text) ? 1 : 0), played + 1), iter: 3000, threads: 1);
        Assert.True(good * 50 >= played, $"only {good} of {played} mutations were good: the sound ones are hardly tested");
    }

    [Fact]
    [Trait(Fuzz.Trait, "fleet-files")]
    public void A_file_of_pieces_is_refused() =>
        Gen.OneOf(Pieces).Array[0, 60].Sample(pieces => Assert.False(IsSound(string.Concat(pieces))), iter: 3000, threads: 1);

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused_or_sound()
    {
        for (var length = 0; length < Texts.Good.Length; length++)
            IsSound(Texts.Good[..length]);
    }

    /// <summary>Reads a text; whether it is good. What is told must be in order and inside the text.</summary>
    private static bool IsSound(string text)
    {
        var result = Texts.Parse(text);
        Assert.Equal(result.IsGood, result.Mistakes.Count == 0);
        var lines = text.Split('\n');
        Assert.All(result.Mistakes, mistake => Assert.InRange(mistake.Line, 1, lines.Length + 1));
        Assert.Equal(result.Mistakes.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column), result.Mistakes);
        if (result.IsGood)
            HoldsInvariants(result.Definition);
        return result.IsGood;
    }

    private static void HoldsInvariants(FleetDefinition definition)
    {
        var fleet = definition.Fleet;
        var members = fleet.Members().ToList();
        Assert.NotEmpty(fleet.Pairs);
        Assert.NotEmpty(definition.Probes);
        Assert.Distinct(fleet.Pairs.Select(pair => pair.Name));
        Assert.Distinct(members.Select(member => member.Id));
        Assert.Distinct(members.Select(member => member.Address));
        Assert.All(fleet.Pairs, pair => Assert.All(pair.Members(), member => Assert.Equal(pair.Name, member.Id.Pair)));
        Assert.All(members, member => Assert.InRange(member.Address.Port, 1, 65535));
        Assert.InRange(fleet.Policy.Canary.Pairs, 0, fleet.Pairs.Count);
        Assert.True(fleet.Policy.Drain.Interval > TimeSpan.Zero && fleet.Policy.Drain.Interval <= fleet.Policy.Drain.Timeout);
        var vms = Assert.IsType<LabSettings>(definition.Provisioner).Vms;
        Assert.Equal(members.Count, members.Select(member => vms[member.Id]).Distinct().Count());
        if (definition.Balancer is HAProxySettings haproxy)
            Assert.Equal(members.Count, members.Select(member => haproxy.Servers[member.Id]).Distinct().Count());
    }

    private static int At(string text, double share) => (int)(share * text.Length);

    private static string Move(string text, int from, int to)
    {
        var lines = text.Split('\n').ToList();
        if (from >= lines.Count || to >= lines.Count)
            return text;
        var line = lines[from];
        lines.RemoveAt(from);
        lines.Insert(to, line);
        return string.Join('\n', lines);
    }
}
