using System.Text;
using CsCheck;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Tests.Fuzzing;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>The parsers read what the real pulumi printed, and take nothing that is cut or damaged for an answer.</summary>
public sealed class DocumentTests
{
    private static readonly IReadOnlyList<(string Name, string Text, Action<string> Parse)> Whole =
    [
        .. Recordings.Named("preview-*.out").Append("locked-preview.out").Select(file => (file, Recordings.Read(file).TrimEnd(), (Action<string>)(text => PreviewDocument.Parse(text)))),
        .. Recordings.Named("*.export.json").Select(file => (file, Recordings.Read(file).TrimEnd(), (Action<string>)(text => StackState.Parse(text)))),
        .. Recordings.Named("*.events").SelectMany(file => Recordings.Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (file, line, (Action<string>)(text => EngineEvent.Parse(text))))),
        ("lock-file.json", Recordings.Read("lock-file.json").TrimEnd(), text => StackLock.Parse(text)),
        ("config", """{"vsphere-pair:memberAImage":{"value":"x","secret":false},"vsphere:password":{"secret":true}}""", text => ConfigDocument.Parse(text)),
    ];

    [Fact]
    public void Every_recorded_document_is_read()
    {
        Assert.True(Whole.Count > 40);
        Assert.All(Whole, document => document.Parse(document.Text));
    }

    [Fact]
    public void A_document_that_is_cut_anywhere_is_an_error() =>
        Gen.Int[0, Whole.Count - 1].SelectMany(which => Gen.Int[0, Whole[which].Text.Length - 1].Select(length => (which, length)))
            .Sample(cut => Assert.Throws<DocumentException>(() => Whole[cut.which].Parse(Whole[cut.which].Text[..cut.length])), iter: 2000);

    [Fact]
    [Trait(Fuzz.Trait, "pulumi")]
    public void A_damaged_document_is_read_or_refused_and_never_more() =>
        Gen.Int[0, Whole.Count - 1].SelectMany(which => Fuzz.Of(Encoding.UTF8.GetBytes(Whole[which].Text)).Select(bytes => (Which: which, Text: Encoding.UTF8.GetString(bytes)))).Sample(damaged =>
        {
            try
            {
                Whole[damaged.Which].Parse(damaged.Text);
            }
            catch (DocumentException)
            {
                // That is the other good answer.
            }
        }, iter: 2000, print: damaged => $"{Whole[damaged.Which].Name}\n{damaged.Text}");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"steps":[]}""")]
    [InlineData("""{"version":3,"deployment":null}""")]
    [InlineData("""{"version":3,"deployment":{"manifest":{"time":"x"},"resources":{}}}""")]
    public void What_is_no_document_of_its_kind_is_an_error(string text)
    {
        Assert.Throws<DocumentException>(() => PreviewDocument.Parse(text));
        Assert.Throws<DocumentException>(() => StackState.Parse(text));
        Assert.Throws<DocumentException>(() => StackLock.Parse(text));
        Assert.Throws<DocumentException>(() => EngineEvent.Parse(text));
    }

    [Fact]
    public void A_preview_that_counts_a_change_it_does_not_show_is_an_error()
    {
        var hidden = Recordings.Read("preview-nothing.out").Replace("\"same\": 4", "\"same\": 3, \"update\": 1", StringComparison.Ordinal);
        Assert.Contains("update", Assert.Throws<DocumentException>(() => PreviewDocument.Parse(hidden)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_preview_tells_its_errors()
    {
        var errors = Recordings.Preview("preview-bad-image").Errors;
        Assert.Contains(errors, error => error.Contains("cannot locate virtual machine or template", StringComparison.Ordinal));
    }

    [Fact]
    public void A_state_tells_what_is_pending_and_what_waits_for_its_replacement()
    {
        var killed = Recordings.State("killed-at-once");
        Assert.Equal(new PendingOperation(Recordings.UrnB, "creating"), Assert.Single(killed.Pending));
        Assert.True(killed.Find(Recordings.UrnB)!.PendingReplacement);
        Assert.False(killed.Find(Recordings.UrnA)!.PendingReplacement);
        Assert.Empty(Recordings.State("recovered").Pending);
    }

    [Fact]
    public void A_refused_command_names_who_holds_the_lock()
    {
        var said = Recordings.Read("locked-up.err");
        Assert.True(StackLock.Refused(said));
        var held = Assert.Single(StackLock.InMessage(said));
        var file = StackLock.Parse(Recordings.Read("lock-file.json"));
        Assert.Equal((file.Pid, file.User, file.Host), (held.Pid, held.User, held.Host));
        Assert.Equal(file.At.ToUnixTimeSeconds(), held.At.ToUnixTimeSeconds());
    }

    [Fact]
    public void A_project_file_tells_name_and_runtime()
    {
        Assert.Equal(new ProjectFile("vsphere-pair", "yaml"), ProjectFile.Parse(Recordings.Read("program.yaml")));
        Assert.Equal(new ProjectFile("x", "dotnet"), ProjectFile.Parse("name: x\nruntime: {name: dotnet, options: {binary: a.dll}}"));
        Assert.Throws<DocumentException>(() => ProjectFile.Parse("name: x"));
        Assert.Throws<DocumentException>(() => ProjectFile.Parse("name: [x"));
    }
}
