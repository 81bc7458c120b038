namespace Refresh.PulumiStandIn.Cli;

/// <summary>A command that ends in an error: what it says after <c>error: </c>, and its exit code.</summary>
internal sealed class PulumiFailure(string text, int exitCode = 1) : Exception(text)
{
    public const int NoSuchStack = 6;

    public int ExitCode => exitCode;
}
