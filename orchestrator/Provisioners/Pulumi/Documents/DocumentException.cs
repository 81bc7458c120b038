namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>A document of Pulumi's is cut, damaged, or not what it should be.</summary>
internal sealed class DocumentException(string document, string fault, Exception? inner = null)
    : Exception($"{document} cannot be read: {fault}", inner);
