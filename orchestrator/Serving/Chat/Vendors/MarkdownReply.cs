using Refresh.Orchestrator.Notifications;
using Refresh.Orchestrator.Serving.Chat.Grammar;

namespace Refresh.Orchestrator.Serving.Chat.Vendors;

/// <summary>A reply where Markdown is read: with the code, because there is no button.</summary>
internal static class MarkdownReply
{
    public static string Write(ChatReply reply, string newLine)
    {
        var text = reply.Code is { } code ? $"{reply.Text}\nTo do it: confirm {ChatCode.Shown(code)}" : reply.Text;
        return Markdown.Escape(text).Replace("\n", newLine, StringComparison.Ordinal);
    }
}
