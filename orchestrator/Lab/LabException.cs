namespace Refresh.Lab;

/// <summary>The lab refused, or could not do, what it was asked to.</summary>
public sealed class LabException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">A stable name for programs, in kebab case.</param>
    /// <param name="status">The HTTP status that says the same; 0 when the lab did not answer.</param>
    /// <param name="text">What was seen.</param>
    /// <param name="next">What to do next.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public LabException(string code, int status, string text, string next, Exception? inner = null)
        : base($"{text} ({next})", inner) => (Code, Status, Text, Next) = (code, status, text, next);

    /// <summary>A stable name for programs, in kebab case.</summary>
    public string Code { get; }

    /// <summary>The HTTP status that says the same; 0 when the lab did not answer.</summary>
    public int Status { get; }

    /// <summary>What was seen.</summary>
    public string Text { get; }

    /// <summary>What to do next.</summary>
    public string Next { get; }
}
