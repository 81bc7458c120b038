namespace Refresh.PulumiStandIn.Clouds;

/// <summary>What the provider says that went wrong.</summary>
internal sealed class CloudException(string text, string? function = null) : Exception(text)
{
    /// <summary>The function that was being called, in full.</summary>
    public string? Function => function;
}
