using PublicApiGenerator;
using Refresh.Workflows.Fleets;
using Xunit;

namespace Refresh.Workflows.Tests.Api;

/// <summary>What others build on: nothing of it changes unread. To approve a change, copy the received text over the approved one.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_approved_one() =>
        Approved.Equal("Api/workflows", typeof(Fleet).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n");
}
