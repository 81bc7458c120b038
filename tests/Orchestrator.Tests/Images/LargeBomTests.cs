using Refresh.Orchestrator.Images.Boms;
using Xunit;

namespace Refresh.Orchestrator.Tests.Images;

/// <summary>Tests that look at the memory of the whole process, and so run alone.</summary>
[CollectionDefinition(nameof(MemoryAlone), DisableParallelization = true)]
public sealed class MemoryAlone;

/// <summary>An SBOM of any size is read in the memory of one package.</summary>
[Collection(nameof(MemoryAlone))]
public sealed class LargeBomTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_SBOM_of_100_MiB_is_read_in_bounded_memory()
    {
        await using var stream = new EndlessBom(100L * 1024 * 1024);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (count, most) = (0L, 0L);
        await foreach (var _ in SbomReader.ReadAsync(stream, Cancellation))
        {
            if (++count % 100_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.True(stream.Given > 100L * 1024 * 1024);
        Assert.Equal(stream.Packages, count);
        // A reader that kept the packages would keep hundreds of MiB.
        Assert.True(most < 16 * 1024 * 1024, $"{most / 1024 / 1024} MiB are kept");
    }
}
