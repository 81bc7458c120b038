using System.Text;
using Refresh.Orchestrator.FleetFiles;
using Xunit;

namespace Refresh.Orchestrator.Tests.FleetFiles;

/// <summary>Reading from a file.</summary>
public sealed class ReadTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("refresh-fleet-").FullName;

    private string FileName => Path.Combine(directory, "fleet.yaml");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_good_file_has_a_definition()
    {
        var result = await Read(Encoding.UTF8.GetBytes(Texts.Good));
        Assert.True(result.IsGood);
        Assert.Equal(Path.Combine(directory, "images"), result.Definition.Images.Directory);
    }

    [Fact]
    public async Task A_file_that_is_not_UTF8_is_refused_at_the_first_wrong_byte()
    {
        var result = await Read([.. "# é\nname: sh"u8, 0xE9, .. "op\n"u8]);
        Assert.Equal([$"{FileName}:2:9: this is not UTF-8 text; save the file as UTF-8"], result.Lines());
    }

    [Fact]
    public async Task A_file_over_the_limit_is_refused()
    {
        var result = await Read([.. Encoding.UTF8.GetBytes(Texts.Good), .. Enumerable.Repeat((byte)'\n', FleetFile.MaxBytes)]);
        Assert.Equal([$"{FileName}: the fleet file is larger than 4 MiB; split the fleet into several"], result.Lines());
    }

    [Fact]
    public async Task A_file_that_never_ends_is_refused()
    {
        var result = await FleetFile.ReadAsync("/dev/zero", TestContext.Current.CancellationToken);
        Assert.Equal(["/dev/zero: the fleet file is larger than 4 MiB; split the fleet into several"], result.Lines());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var result = await FleetFile.ReadAsync(FileName, TestContext.Current.CancellationToken);
        Assert.Equal([$"{FileName}: the fleet file does not exist; name another, or write one with 'refresh init'"], result.Lines());
    }

    [Fact]
    public async Task A_directory_is_no_file()
    {
        var result = await FleetFile.ReadAsync(directory, TestContext.Current.CancellationToken);
        Assert.False(result.IsGood);
        Assert.StartsWith($"{directory}: the fleet file cannot be read", Assert.Single(result.Lines()), StringComparison.Ordinal);
    }

    private async Task<FleetFileResult> Read(byte[] bytes)
    {
        await File.WriteAllBytesAsync(FileName, bytes, TestContext.Current.CancellationToken);
        return await FleetFile.ReadAsync(FileName, TestContext.Current.CancellationToken);
    }
}
