using System.Globalization;
using System.Text.RegularExpressions;

namespace Refresh.Orchestrator.Provisioners.Pulumi.Documents;

/// <summary>Who holds the lock of a stack, from a lock file or from what a refused command prints.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="User">Its user.</param>
/// <param name="Host">Its host.</param>
/// <param name="At">When it took the lock, to the second.</param>
internal sealed partial record StackLock(int Pid, string User, string Host, DateTimeOffset At)
{
    /// <exception cref="DocumentException">It is cut or damaged.</exception>
    public static StackLock Parse(string text) => Document.Read("a lock file", text, root => new StackLock(
        root.GetProperty("pid").GetInt32(), root.Text("username"), root.Text("hostname"), root.GetProperty("timestamp").GetDateTimeOffset()));

    /// <summary>The holders that a refused command names.</summary>
    public static IReadOnlyList<StackLock> InMessage(string text) =>
        [.. Holder().Matches(text).Select(match => new StackLock(
            int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture),
            match.Groups["user"].Value,
            match.Groups["host"].Value,
            DateTimeOffset.Parse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture)))];

    /// <summary>Whether a command was refused because of a lock, or of another update.</summary>
    public static bool Refused(string text) =>
        text.Contains("the stack is currently locked by", StringComparison.Ordinal) || text.Contains("Another update is currently in progress", StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}@{Host}, pid {Pid}, since {At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    [GeneratedRegex(@"created by (?<user>\S+)@(?<host>\S+) \(pid (?<pid>\d{1,9})\) at (?<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))")]
    private static partial Regex Holder();
}
