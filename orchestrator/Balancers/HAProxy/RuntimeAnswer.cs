using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.Balancers.HAProxy;

/// <summary>
/// Reads an answer that was asked for with severities: a table or nothing is a success, a line with a severity is a
/// message. Success is never inferred from it; see reference/load-balancers.md, "HAProxy runtime API".
/// </summary>
internal static partial class RuntimeAnswer
{
    /// <summary>What precedes every command, so that messages carry their severity.</summary>
    public const string Prefix = "set severity-output number;";

    /// <summary>Takes the answer to the prefix off.</summary>
    /// <param name="answer">All that HAProxy sent.</param>
    /// <returns>The answer to the command, ending with an empty line.</returns>
    /// <exception cref="FormatException">The answer is cut short.</exception>
    public static string Body(string answer) =>
        answer.StartsWith('\n') && answer.EndsWith('\n') && answer.Length > 1
            ? answer[1..]
            : throw new FormatException("the answer is cut short");

    /// <summary>The message in an answer, or null if it is a table or empty.</summary>
    /// <param name="body">The answer to the command.</param>
    public static string? Message(string body) =>
        Severity().Match(body) is { Success: true } match ? body[match.Length..].Split('\n')[0].Trim() : null;

    /// <summary>Whether the answer to a command other than <c>addr</c> is a success: it is empty.</summary>
    /// <param name="body">The answer to the command.</param>
    public static bool IsSuccess(string body) => string.IsNullOrWhiteSpace(body);

    /// <summary>Whether the answer to <c>set server addr</c> is a success: a message of severity 4 that says what changed or that nothing had to.</summary>
    /// <param name="body">The answer to the command.</param>
    public static bool IsAddressSuccess(string body) =>
        IsSuccess(body) || (body.StartsWith("[4]: ", StringComparison.Ordinal) && AddressChange().IsMatch(body));

    /// <summary>Whether the socket's level is too low for the command.</summary>
    /// <param name="message">The message.</param>
    public static bool IsDenied(string message) => message.StartsWith("Permission denied", StringComparison.Ordinal);

    /// <summary>Whether HAProxy knows no such backend or server.</summary>
    /// <param name="message">The message.</param>
    public static bool IsUnknown(string message) =>
        message is "No such server." or "No such backend." or "No such proxy." or "Can't find backend.";

    [GeneratedRegex(@"\A\[\d\]: ")]
    private static partial Regex Severity();

    [GeneratedRegex("IP changed from|no need to change the addr|port changed from|nothing changed")]
    private static partial Regex AddressChange();
}
